import type { CacheStore } from '../../buildx/cache/store.ts'
import type { RepositoryFacts } from '../../image/repository/repository-facts.ts'
import type { RepositoryCreation } from '../../image/repository/repository-settings.ts'

/** What of `places` is missing and is made, in their order. */
export function creationsOf(
  places: readonly (RepositoryFacts | CacheStore)[],
): readonly RepositoryCreation[] {
  return places.flatMap((place) => ('creation' in place ? place.creation : []))
}
