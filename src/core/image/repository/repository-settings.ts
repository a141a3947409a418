import type { Repository } from './repository.ts'
import type { TagMutability } from './tag-mutability.ts'

export const encryptionTypes = ['AES256', 'KMS', 'KMS_DSSE'] as const
export type EncryptionType = (typeof encryptionTypes)[number]

/** How a repository is made. One that is there is never changed. */
export interface RepositorySettings {
  /** Undefined: no tag moves but those that the tag rules move. */
  readonly mutability: TagMutability | undefined
  readonly scanOnPush: boolean
  readonly encryption: { readonly type: EncryptionType; readonly kmsKey: string | undefined }
  /** JSON, as PutLifecyclePolicy takes it. */
  readonly lifecyclePolicy: string | undefined
  /** JSON, as SetRepositoryPolicy takes it. */
  readonly repositoryPolicy: string | undefined
  /** Resource tags. */
  readonly tags: Readonly<Record<string, string>>
}

/** A repository that is missing, and how it comes to be. */
export type RepositoryCreation =
  | {
      readonly kind: 'create'
      readonly repository: Repository
      readonly mutability: TagMutability
      readonly settings: RepositorySettings
    }
  /** The first push makes it, as a creation template of the registry says (CREATE_ON_PUSH). */
  | { readonly kind: 'template'; readonly repository: Repository; readonly prefix: string }

/** One clause: `IMMUTABLE_WITH_EXCLUSION (latest), AES256`. */
export function describeCreation(creation: RepositoryCreation): string {
  if (creation.kind === 'template') return `by the creation template "${creation.prefix}"`
  const { settings } = creation
  return [
    describeWithoutPolicies(creation),
    ...(settings.lifecyclePolicy === undefined ? [] : ['lifecycle policy']),
    ...(settings.repositoryPolicy === undefined ? [] : ['repository policy']),
  ].join(', ')
}

/** What CreateRepository alone makes; its policies are calls of their own. */
export function describeWithoutPolicies({
  mutability: { tagMutability, exclusionFilters },
  settings: { encryption, scanOnPush },
}: Extract<RepositoryCreation, { kind: 'create' }>): string {
  const filters = exclusionFilters.length > 0 ? ` (${exclusionFilters.join(', ')})` : ''
  const scan = scanOnPush ? ', scan on push' : ''
  return `${tagMutability}${filters}, ${encryption.type}${scan}`
}
