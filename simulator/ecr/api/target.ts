import { stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository } from '../store/repository.ts'

/** A parameter that has to be there. */
export function required(input: JsonObject, name: string): string {
  const value = stringMember(input, name)
  if (value === undefined) throw invalidParameter(name, 'Member must not be null')
  return value
}

/** The repository that `registryId` and `repositoryName` name; throws when there is none. */
export function targetRepository(registry: Registry, input: JsonObject): Repository {
  const name = required(input, 'repositoryName')
  return registry.repository(name, stringMember(input, 'registryId') ?? registry.id)
}

/** `{ imageDigest, imageTag }` as the API names an image. */
export interface ImageId {
  readonly digest?: string
  readonly tag?: string
}

export function imageIdOf(value: JsonObject): ImageId {
  const digest = stringMember(value, 'imageDigest')
  const tag = stringMember(value, 'imageTag')
  return { ...(digest !== undefined && { digest }), ...(tag !== undefined && { tag }) }
}

export function imageIdJson({ digest, tag }: ImageId): JsonObject {
  return {
    ...(digest !== undefined && { imageDigest: digest }),
    ...(tag !== undefined && { imageTag: tag }),
  }
}
