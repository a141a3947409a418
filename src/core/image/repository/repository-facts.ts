import type { Digest } from '../digest.ts'
import type { RegistryImage } from '../content/registry-image.ts'
import type { RepositoryCreation } from './repository-settings.ts'
import type { Repository } from './repository.ts'
import type { TagMutability } from './tag-mutability.ts'

/** A repository as preflight found it. */
export interface RepositoryFacts {
  readonly repository: Repository
  readonly mutability: TagMutability
  /** What the identity tags of this run name now; a tag without an entry is free. */
  readonly existing: ReadonlyMap<string, RegistryImage>
  /** What those moving tags name that the repository keeps from moving. */
  readonly taken: ReadonlyMap<string, Digest>
  /** How it comes to be; absent: it is there. */
  readonly creation?: RepositoryCreation
}
