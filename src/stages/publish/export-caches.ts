import { buildArguments } from '../../core/buildx/argv.ts'
import { lostCache } from '../../core/buildx/cache/lost-cache.ts'
import { cacheBuildOf } from '../../core/buildx/cache/divide-caches.ts'
import type { PlatformCache } from '../../core/buildx/cache/platform-cache.ts'
import type { Ports } from '../../ports/ports.ts'
import { lastWordsOf } from '../builder/run-docker.ts'
import { fromCache } from './prepare-build.ts'
import { callBuildx, type PreparedBuild } from './run-build.ts'

/**
 * Writes the caches of a build that has just ended, each by the node that built its platform and has
 * all its steps. One that is not written fails nothing: the image is there.
 */
export async function exportCaches(build: PreparedBuild, ports: Ports): Promise<void> {
  const warm = fromCache(build)
  await Promise.all(
    build.cacheExports.map(async (cache) => {
      const lost = await exportCache(warm, cache, ports)
      if (lost === undefined) ports.report.line(`wrote the cache of ${cache.platform}`)
      else ports.report.warning(`the cache of ${cache.platform} was not written: ${lost}`)
    }),
  )
}

/** @returns why it was not written; undefined where it was. */
async function exportCache(
  build: PreparedBuild,
  cache: PlatformCache,
  ports: Ports,
): Promise<string | undefined> {
  const destination = {
    builder: build.builder,
    target: { kind: 'cache' },
    metadataFile: undefined,
  } as const
  const argv = buildArguments(cacheBuildOf(build.specification, cache), destination, build.secrets)
  const { result, progress } = await callBuildx({ ...build, argv }, ports, `${cache.platform}: `)
  return result.exitCode === 0 ? lostCache(progress) : lastWordsOf(result)
}
