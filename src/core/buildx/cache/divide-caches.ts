import type { BuildSpecification } from '../../plan/image/image-plan.ts'
import type { Builder } from '../builder/builder.ts'
import type { PlatformCache } from './platform-cache.ts'

/** A build, and the caches that are written when it is over. */
export interface CacheDivision {
  readonly specification: BuildSpecification
  /** Each is written by a call of its own; empty: the build writes its cache itself. */
  readonly exports: readonly PlatformCache[]
}

/** Whether several nodes may take part in one build. */
export function isShared(
  { nodes = 1 }: Pick<Builder, 'nodes'>,
  { platforms }: { readonly platforms: readonly string[] },
): boolean {
  return nodes > 1 && platforms.length > 1
}

/**
 * Gives each platform a cache of its own where nodes share a build: buildx has every node write the
 * same names (0.38.2, build/opt.go, toSolveOpt), and the last to finish would keep them. So the build
 * reads the caches of all its platforms and writes none.
 */
export function divideCaches(build: BuildSpecification, builder: Builder): CacheDivision {
  const { settings, platformCaches = [] } = build
  if (platformCaches.length === 0 || !isShared(builder, build)) {
    return { specification: build, exports: [] }
  }
  const cacheFrom = platformCaches.flatMap(({ from }) => from)
  return {
    specification: { ...build, settings: { ...settings, cacheFrom, cacheTo: [] } },
    exports: platformCaches.filter(({ to }) => to.length > 0),
  }
}

/** The same build of one platform, for its cache alone. */
export function cacheBuildOf(
  build: BuildSpecification,
  { platform, to }: PlatformCache,
): BuildSpecification {
  return {
    ...build,
    platforms: [platform],
    annotations: {},
    furtherAnnotations: [],
    settings: { ...build.settings, exporters: [], cacheTo: to },
  }
}
