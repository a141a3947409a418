import { planCache, type CachePlan } from '../../buildx/cache/plan-cache.ts'
import type { CacheStore } from '../../buildx/cache/store.ts'
import type { Repository } from '../../image/repository/repository.ts'
import type { BuildSpecification } from './image-plan.ts'
import type { BuildBasis } from './specify-build.ts'

/**
 * The caches of a build.
 * @param repository Where its image goes; undefined: nowhere.
 * @throws ActionError see {@link planCache}.
 */
export function cachesOf(
  { inputs, identity, context }: BuildBasis,
  store: CacheStore,
  repository: Repository | undefined,
): CachePlan {
  const { target, platforms, file } = inputs
  const build = { ...{ target, platforms, file }, context: inputs.context }
  return planCache(store, { ...build, repository, movingTags: identity.movingTags }, context)
}

/** The specification with its caches, after those that the user wrote out. */
export function addCaches(build: BuildSpecification, { from, to }: CachePlan): BuildSpecification {
  const cacheFrom = [...build.settings.cacheFrom, ...from]
  const cacheTo = [...build.settings.cacheTo, ...to]
  return { ...build, settings: { ...build.settings, cacheFrom, cacheTo } }
}
