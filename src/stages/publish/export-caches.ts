import { buildArguments } from '../../core/buildx/argv.ts'
import { lostCache } from '../../core/buildx/cache/lost-cache.ts'
import { cacheBuildOf } from '../../core/buildx/cache/divide-caches.ts'
import type { PlatformCache } from '../../core/buildx/cache/platform-cache.ts'
import { tellsOfVertex } from '../../core/buildx/progress.ts'
import type { Ports } from '../../ports/ports.ts'
import { lastWordsOf } from '../builder/run-docker.ts'
import { fromCache } from './prepare-build.ts'
import type { PreparedBuild } from './run-build.ts'

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
  ports: Pick<Ports, 'context' | 'processes' | 'signal'>,
): Promise<string | undefined> {
  const { specification, builder, docker, environment, keptVariables, secrets } = build
  const destination = { builder, target: { kind: 'cache' }, metadataFile: undefined } as const
  const progress: string[] = []
  const result = await ports.processes.run(
    {
      command: 'docker',
      arguments: buildArguments(cacheBuildOf(specification, cache), destination, secrets),
      environment: { ...docker.environment, ...environment },
      keptVariables,
      workingDirectory: ports.context.workspace,
      onLine: (line) => {
        if (tellsOfVertex(line)) progress.push(line)
      },
    },
    ports.signal,
  )
  return result.exitCode === 0 ? lostCache(progress) : lastWordsOf(result)
}
