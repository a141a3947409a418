import { planCache, planPlatformCaches, type CachePlan } from '../../buildx/cache/plan-cache.ts'
import type { PlatformCache } from '../../buildx/cache/platform-cache.ts'
import type { CacheStore } from '../../buildx/cache/store.ts'
import type { Repository } from '../../image/repository/repository.ts'
import type { BuildSpecification } from './image-plan.ts'
import type { BuildBasis } from './specify-build.ts'

/** The caches of a build. */
export interface BuildCaches extends CachePlan {
  /** In their place where nodes of a builder share it; see {@link planPlatformCaches}. */
  readonly byPlatform: readonly PlatformCache[]
}

/**
 * Decides them.
 * @param repository Where its image goes; undefined: nowhere.
 * @throws ActionError see {@link planCache}.
 */
export function cachesOf(
  { inputs, identity, context }: BuildBasis,
  store: CacheStore,
  repository: Repository | undefined,
): BuildCaches {
  const { target, platforms, file } = inputs
  const build = { ...{ target, platforms, file }, context: inputs.context }
  const image = { ...build, repository, movingTags: identity.movingTags }
  const byPlatform = planPlatformCaches(store, image, context)
  return { ...planCache(store, image, context), byPlatform }
}

/** The specification with its caches, after those that the user wrote out. */
export function addCaches(
  build: BuildSpecification,
  { from, to, byPlatform }: BuildCaches,
): BuildSpecification {
  const cacheFrom = [...build.settings.cacheFrom, ...from]
  const cacheTo = [...build.settings.cacheTo, ...to]
  const settings = { ...build.settings, cacheFrom, cacheTo }
  return { ...build, settings, platformCaches: byPlatform }
}
