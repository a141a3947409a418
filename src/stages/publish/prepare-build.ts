import type { BuildTarget } from '../../core/buildx/argv.ts'
import type { Builder } from '../../core/buildx/builder/builder.ts'
import type { BuildSpecification } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { prepareCache } from './prepare-cache.ts'
import { prepareSecrets } from './prepare-secrets.ts'
import type { PreparedBuild } from './run-build.ts'

/**
 * Gives a build what its inputs ask for: its secrets, and what opens its caches.
 * @param session Undefined: the build is one without credentials.
 * @throws ActionError
 */
export async function prepareBuild(
  { settings, ...build }: BuildSpecification,
  destination: { readonly builder: Builder; readonly target: BuildTarget },
  docker: DockerConfiguration,
  session: AwsSession | undefined,
  ports: Ports,
): Promise<PreparedBuild> {
  const secrets = await prepareSecrets(settings, docker, ports)
  const { cacheFrom, cacheTo, ...cache } = await prepareCache(settings, docker, session, ports)
  return {
    ...destination,
    specification: { ...build, settings: { ...settings, cacheFrom, cacheTo } },
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
