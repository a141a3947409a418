import { needsCredentials, needsRuntimeToken } from '../../core/buildx/cache/cache-kinds.ts'
import { isOlder, type BuildxVersion } from '../../core/buildx/version.ts'
import type { BuildSettings } from '../../core/inputs/build/build-settings.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'

/** The caches that one call of buildx can use, and what it is given for them. */
export interface PreparedCache {
  readonly cacheFrom: readonly string[]
  readonly cacheTo: readonly string[]
  /** For that call alone; never in its arguments. */
  readonly environment: Readonly<Record<string, string>>
  /** Withheld variables of the job that it gets. */
  readonly keptVariables: readonly string[]
}

/** GitHub's cache service of today (docs.docker.com, GitHub Actions cache: Buildx v0.21.0). */
const oldestForGitHub = { major: 0, minor: 21 }

/**
 * Gives a build what its caches ask for: the job's runtime token for GitHub's, the session's
 * credentials for one in S3, and nothing to a build without them. A cache that cannot work is left
 * out with a warning: buildx would leave it out without a word, or end the build for it.
 * @param askVersion Tells the release of buildx; not called where no cache depends on it.
 * @param session Undefined: the build is one without credentials.
 */
export async function prepareCache(
  { cacheFrom, cacheTo }: Pick<BuildSettings, 'cacheFrom' | 'cacheTo'>,
  askVersion: () => Promise<BuildxVersion | undefined>,
  session: Pick<AwsSession, 'childCredentials'> | undefined,
  ports: Pick<Ports, 'processes' | 'report'>,
): Promise<PreparedCache> {
  const all = [...cacheFrom, ...cacheTo]
  const forGitHub = all.some(needsRuntimeToken)
  const obstacle = forGitHub ? await obstacleToGitHub(askVersion, ports) : undefined
  if (obstacle !== undefined) ports.report.warning(`GitHub's cache is off: ${obstacle}`)
  const inS3 = all.some(needsCredentials)
  if (inS3 && session === undefined) {
    ports.report.warning('the cache in S3 is off: this build has no AWS credentials')
  }
  const usable = (cache: string) =>
    !(obstacle !== undefined && needsRuntimeToken(cache)) &&
    !(session === undefined && needsCredentials(cache))
  const keptVariables = forGitHub && obstacle === undefined ? ['ACTIONS_RUNTIME_TOKEN'] : []
  if (keptVariables.length > 0) {
    ports.report.line("buildx is given the job's runtime token, for GitHub's cache")
  }
  return {
    cacheFrom: cacheFrom.filter(usable),
    cacheTo: cacheTo.filter(usable),
    environment: session !== undefined && inS3 ? await credentialsFor(session, ports) : {},
    keptVariables,
  }
}

async function credentialsFor(
  session: Pick<AwsSession, 'childCredentials'>,
  { report }: Pick<Ports, 'report'>,
): Promise<Readonly<Record<string, string>>> {
  const credentials = await session.childCredentials()
  report.line("buildx is given the session's AWS credentials, for the cache in S3")
  return credentials
}

/** Why GitHub's cache cannot be used; undefined where nothing speaks against it. */
async function obstacleToGitHub(
  askVersion: () => Promise<BuildxVersion | undefined>,
  ports: Pick<Ports, 'processes'>,
): Promise<string | undefined> {
  const variable = (name: string) => ports.processes.variable(name) ?? ''
  if (variable('ACTIONS_RUNTIME_TOKEN') === '') {
    return 'the job has no ACTIONS_RUNTIME_TOKEN, which runners give to actions alone'
  }
  // Enterprise servers have the service of before, which every buildx knows.
  if (!/^(true|1)$/i.test(variable('ACTIONS_CACHE_SERVICE_V2'))) return undefined
  const version = await askVersion()
  return version !== undefined && isOlder(version, oldestForGitHub)
    ? `buildx ${version.major}.${version.minor} does not know the service; it takes 0.21 or later`
    : undefined
}
