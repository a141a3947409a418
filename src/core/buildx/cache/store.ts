import type { RepositoryCreation } from '../../image/repository/repository-settings.ts'
import type { Repository } from '../../image/repository/repository.ts'
import type { TagMutability } from '../../image/repository/tag-mutability.ts'
import type { CacheInputs, S3Location } from '../../inputs/build/cache.ts'

/** Where caches are kept, as preflight found it. */
export type CacheStore =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'registry'
      readonly repository: Repository
      readonly mutability: TagMutability
      /** How it comes to be; absent: it is there. */
      readonly creation?: RepositoryCreation
    }
  | { readonly kind: 's3'; readonly location: S3Location; readonly region: string }
  | { readonly kind: 'gha' }
  | { readonly kind: 'inline' }

/** Where a build without AWS credentials has its cache: GitHub's, or nowhere. */
export function storeWithoutAws(cache: CacheInputs): CacheStore {
  return cache.kind === 'gha' ? cache : { kind: 'off' }
}
