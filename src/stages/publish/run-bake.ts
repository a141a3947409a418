import { bakeArguments } from '../../core/bake/argv.ts'
import { fromCache } from '../../core/bake/compose-target.ts'
import { parseBakeMetadata, withArrived } from '../../core/bake/metadata.ts'
import { writeDefinition, type TargetDestination } from '../../core/bake/write-definition.ts'
import type { SecretSource } from '../../core/buildx/argv.ts'
import type { CacheShare } from '../../core/buildx/cache/cache-share.ts'
import type { Digest } from '../../core/image/digest.ts'
import { buildTargetOf } from '../../core/plan/image/build-target.ts'
import type { BakedImagePlan } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import type { DockerSession } from './docker-session.ts'
import { askBuildxVersion } from '../builder/ask-buildx-version.ts'
import { grantPaths } from './grant-paths.ts'
import { maskBakeSecrets } from './mask-bake-secrets.ts'
import { prepareCache } from './prepare-cache.ts'
import { prepareSecrets } from './prepare-secrets.ts'
import { runBuildx, type BuildEnd, type BuildxCall } from './run-build.ts'

/** A definition, ready to be built as often as it takes. */
export interface PreparedBake extends Pick<BuildxCall, 'docker' | 'environment' | 'keptVariables'> {
  readonly builder: string
  readonly secrets: readonly SecretSource[]
  /** Entitlements, and what lies outside of the workspace: of the inputs, none of the bake files. */
  readonly allow: readonly string[]
  /** What of all caches can work. */
  readonly usableCaches: ReadonlySet<string>
}

/** One go: the targets that are still missing, and whether finished steps are taken as they are. */
export interface BakeAttempt extends PreparedBake {
  readonly plans: readonly BakedImagePlan[]
  readonly cached: boolean
  /** What goes before this one pushed, by target. */
  readonly arrived: ReadonlyMap<string, Digest>
}

/** How one go of bake ended. */
export type BakeEnd =
  | {
      readonly kind: 'built'
      readonly digests: ReadonlyMap<string, Digest>
      /** Of all that it built together. */
      readonly cacheShare: CacheShare | undefined
    }
  | Extract<BuildEnd, { kind: 'failed' }>

/** Gives a bake what its inputs ask for: secrets, and what opens its caches. @throws ActionError */
export async function prepareBake(
  plans: readonly BakedImagePlan[],
  builder: string,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<PreparedBake> {
  const configuration = await docker.configuration()
  const [{ bake } = { bake: undefined }] = plans
  if (bake === undefined) throw new TypeError('there is nothing to bake')
  const { settings } = bake
  const secrets = await prepareSecrets(settings, configuration, ports)
  await maskBakeSecrets(bake, ports)
  const cacheFrom = [...settings.cacheFrom, ...plans.flatMap(({ caches }) => caches.from)]
  const cacheTo = [...settings.cacheTo, ...plans.flatMap(({ caches }) => caches.to)]
  let version: ReturnType<typeof askBuildxVersion> | undefined
  const askVersion = () => (version ??= askBuildxVersion(configuration, ports))
  const cache = await prepareCache({ cacheFrom, cacheTo }, askVersion, session, ports)
  const sources = { ...cache, secrets: secrets.sources, ssh: settings.ssh }
  const granted = await grantPaths(sources, askVersion, ports)
  return {
    builder,
    docker: configuration,
    secrets: secrets.sources,
    allow: [...settings.allow, ...granted.allow],
    usableCaches: new Set([...granted.cacheFrom, ...cache.cacheTo]),
    environment: cache.environment,
    keptVariables: [...secrets.keptVariables, ...cache.keptVariables],
  }
}

/** Runs `docker buildx bake` once, on a definition of ours, its output in the log. */
export async function runBake(attempt: BakeAttempt, ports: Ports): Promise<BakeEnd> {
  const { plans, builder, allow, arrived } = attempt
  const targets = plans.map(({ target }) => target)
  const definitionFile = await ports.files.writeTemporary('bake.json', definitionOf(attempt))
  const metadataFile = await ports.files.writeTemporary('build-metadata.json', '')
  const argv = bakeArguments({ builder, definitionFile, metadataFile, targets, allow })
  const end = await runBuildx({ ...attempt, argv, metadataFile }, ports)
  if (end.kind === 'failed') return end
  const { metadata, cacheShare } = end
  ports.report.record({ metadata: withArrived(metadata, arrived) })
  return { kind: 'built', digests: parseBakeMetadata(metadata, targets), cacheShare }
}

/** Targets that are pushed already may still be built upon; they go nowhere then. */
function definitionOf({ plans, cached, secrets, usableCaches }: BakeAttempt): string {
  const bake = plans[0]?.bake
  if (bake === undefined) throw new TypeError('there is nothing to bake')
  const { settings } = bake
  const usable = (caches: readonly string[]) => caches.filter((cache) => usableCaches.has(cache))
  const destinations = new Map<string, TargetDestination>(
    plans.map((plan) => [
      plan.target,
      {
        target: buildTargetOf(plan),
        cacheFrom: usable([...settings.cacheFrom, ...plan.caches.from]),
        cacheTo: usable([...settings.cacheTo, ...plan.caches.to]),
      },
    ]),
  )
  const targets = cached
    ? new Map([...bake.targets].map(([name, members]) => [name, fromCache(members)]))
    : bake.targets
  return writeDefinition(targets, destinations, secrets, settings)
}
