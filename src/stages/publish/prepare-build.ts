import type { BuildTarget } from '../../core/buildx/argv.ts'
import type { Builder } from '../../core/buildx/builder/builder.ts'
import { divideCaches } from '../../core/buildx/cache/divide-caches.ts'
import type { BuildSpecification } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { askBuildxVersion } from '../builder/ask-buildx-version.ts'
import { prepareCache } from './prepare-cache.ts'
import { prepareSecrets } from './prepare-secrets.ts'
import type { PreparedBuild } from './run-build.ts'
import { warnOfSharedCaches } from './warn-of-shared-caches.ts'

/**
 * Gives a build what its inputs ask for: its secrets, and what opens its caches.
 * @param session Undefined: the build is one without credentials.
 * @throws ActionError
 */
export async function prepareBuild(
  build: BuildSpecification,
  destination: { readonly builder: Builder; readonly target: BuildTarget },
  docker: DockerConfiguration,
  session: AwsSession | undefined,
  ports: Ports,
): Promise<PreparedBuild> {
  const { specification, exports } = divideCaches(build, destination.builder)
  const { settings } = specification
  warnOfSharedCaches(destination.builder, build.platforms, settings.cacheTo, ports)
  const secrets = await prepareSecrets(settings, docker, ports)
  const askVersion = () => askBuildxVersion(docker, ports)
  const written = [...settings.cacheTo, ...exports.flatMap(({ to }) => to)]
  const caches = { cacheFrom: settings.cacheFrom, cacheTo: written }
  const { cacheFrom, cacheTo, ...cache } = await prepareCache(caches, askVersion, session, ports)
  const usable = (values: readonly string[]) => values.filter((value) => cacheTo.includes(value))
  return {
    ...destination,
    specification: {
      ...specification,
      settings: { ...settings, cacheFrom, cacheTo: usable(settings.cacheTo) },
    },
    cacheExports: exports
      .map((each) => ({ ...each, to: usable(each.to) }))
      .filter(({ to }) => to.length > 0),
    docker,
    secrets: secrets.sources,
    environment: cache.environment,
    keptVariables: [...secrets.keptVariables, ...cache.keptVariables],
  }
}

/** The steps that were just done are taken as they are. */
export function fromCache({ specification, ...build }: PreparedBuild): PreparedBuild {
  const settings = { ...specification.settings, noCacheFilters: [] }
  return { ...build, specification: { ...specification, settings, noCache: false, pull: false } }
}
