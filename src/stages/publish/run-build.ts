import { buildArguments, type BuildTarget, type SecretSource } from '../../core/buildx/argv.ts'
import type { Builder } from '../../core/buildx/builder/builder.ts'
import type { PlatformCache } from '../../core/buildx/cache/platform-cache.ts'
import { cacheShare, type CacheShare } from '../../core/buildx/cache/cache-share.ts'
import { lostCache } from '../../core/buildx/cache/lost-cache.ts'
import { parseBuildMetadata } from '../../core/buildx/metadata.ts'
import { quote } from '../../core/buildx/quote.ts'
import { tellsOfVertex } from '../../core/buildx/progress.ts'
import type { Digest } from '../../core/image/digest.ts'
import type { BuildSpecification } from '../../core/plan/image/image-plan.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import type { ProcessResult } from '../../ports/processes.ts'

const metadataLimitBytes = 16 * 1024 * 1024

/** A build, ready to be run as often as it takes. */
export interface PreparedBuild {
  readonly specification: BuildSpecification
  /** Caches that are written when it is built. */
  readonly cacheExports: readonly PlatformCache[]
  readonly builder: Builder
  readonly target: BuildTarget
  readonly docker: DockerConfiguration
  readonly secrets: readonly SecretSource[]
  /** Further variables, for this child alone. */
  readonly environment: Readonly<Record<string, string>>
  /** Withheld variables of the job that this child gets. */
  readonly keptVariables: readonly string[]
}

/** How one go of buildx ended. */
export type BuildEnd =
  | {
      readonly kind: 'built'
      readonly digest: Digest
      /** How much of it came from a cache, where that was told. */
      readonly cacheShare: CacheShare | undefined
    }
  /** The last lines that buildx wrote, oldest first. Untrusted. */
  | { readonly kind: 'failed'; readonly lastLines: readonly string[] }

/**
 * Runs `docker buildx build` once, its output in the log.
 * @throws ActionError `build-result-missing` where it ended well and tells no digest.
 */
export async function runBuild(build: PreparedBuild, ports: Ports): Promise<BuildEnd> {
  const { builder, target } = build
  const metadataFile = await ports.files.writeTemporary('build-metadata.json', '')
  const destination = { builder, target, metadataFile }
  const argv = buildArguments(build.specification, destination, build.secrets)
  const end = await runBuildx({ ...build, argv, metadataFile }, ports)
  if (end.kind === 'failed') return end
  ports.report.record({ metadata: end.metadata })
  const digest = parseBuildMetadata(end.metadata)
  ports.report.record({ digest })
  return { kind: 'built', digest, cacheShare: end.cacheShare }
}

/** A call of buildx that builds, and what it is given. */
export interface BuildxCall extends Pick<
  PreparedBuild,
  'docker' | 'environment' | 'keptVariables'
> {
  readonly argv: readonly string[]
}

/** How a call of buildx ended, and what it told of the steps of the build. */
export interface BuildxResult {
  readonly result: ProcessResult
  readonly progress: readonly string[]
}

/**
 * Runs it to its end, its output in the log.
 * @param mark Stands before each line of the output, where several run side by side.
 */
export async function callBuildx(
  { argv, docker, environment, keptVariables }: BuildxCall,
  ports: Pick<Ports, 'context' | 'processes' | 'report' | 'signal'>,
  mark = '',
): Promise<BuildxResult> {
  const progress: string[] = []
  ports.report.untrusted(`docker ${argv.map(quote).join(' ')}`)
  const result = await ports.processes.run(
    {
      command: 'docker',
      arguments: argv,
      environment: { ...docker.environment, ...environment },
      keptVariables,
      workingDirectory: ports.context.workspace,
      onLine: (line) => {
        ports.report.untrusted(`${mark}${line}`)
        if (tellsOfVertex(line)) progress.push(line)
      },
    },
    ports.signal,
  )
  return { result, progress }
}

/** How a call of buildx ended; `metadata` is what it wrote into the metadata file. */
export type BuildxEnd =
  | {
      readonly kind: 'ended'
      readonly metadata: string
      readonly cacheShare: CacheShare | undefined
    }
  | Extract<BuildEnd, { kind: 'failed' }>

/** Runs it, and reads what it wrote into `metadataFile`. */
export async function runBuildx(
  { metadataFile, ...call }: BuildxCall & { readonly metadataFile: string },
  ports: Ports,
): Promise<BuildxEnd> {
  ports.report.begin()
  const { result, progress } = await callBuildx(call, ports)
  if (result.exitCode !== 0) return { kind: 'failed', lastLines: result.stderrTail }
  const metadata = await ports.files.readText(metadataFile, metadataLimitBytes)
  return { kind: 'ended', metadata, cacheShare: tellOfCaches(progress, ports) }
}

/** What the caches gave; and that one was not written, which does not fail an image that is pushed. */
function tellOfCaches(
  lines: readonly string[],
  { report }: Pick<Ports, 'report'>,
): CacheShare | undefined {
  const lost = lostCache(lines)
  if (lost !== undefined) report.warning(`the cache of this build was not written: ${lost}`)
  const share = cacheShare(lines)
  if (share !== undefined) {
    report.line(`${share.cachedSteps} of ${share.steps} build steps came from a cache`)
  }
  return share
}
