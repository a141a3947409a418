import { withArrived } from '../../core/bake/metadata.ts'
import { attestsTarget, builtWith, cachesWrittenBy } from '../../core/bake/target-facts.ts'
import type { Builder } from '../../core/buildx/builder/builder.ts'
import type { EnginePush } from '../../core/buildx/builder/docker-engine.ts'
import { isShared } from '../../core/buildx/cache/divide-caches.ts'
import { classifyBuildFailure } from '../../core/buildx/failure/failure.ts'
import type { FailedGo } from '../../core/buildx/failure/next-attempt.ts'
import type { Digest } from '../../core/image/digest.ts'
import { repositoryUri, type EcrHost } from '../../core/image/repository/repository.ts'
import { stringsAt, type JsonObject } from '../../core/json.ts'
import type { BakedImagePlan } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import type { DockerSession } from './docker-session.ts'
import { explainRefusedPush } from './explain-refused-push.ts'
import { findPushed } from './find-pushed.ts'
import { prepareBuilder } from '../builder/prepare-builder.ts'
import { repeatBuild } from './repeat-build.ts'
import { prepareBake, runBake, type BakeEnd, type PreparedBake } from './run-bake.ts'
import type { Stock } from './stock.ts'
import { warnOfSharedCaches } from './warn-of-shared-caches.ts'

/** What one call of bake pushed. */
export interface Baked {
  readonly builder: string
  /** By target. */
  readonly digests: ReadonlyMap<string, Digest>
}

/**
 * Builds and pushes the images of all `plans` in one call of bake, so that they share their steps.
 * Tried again as a single build is; what has arrived by then is not built twice.
 * @param plans At least one, of one definition.
 * @param stock Is told also of what was pushed where another target failed.
 * @throws ActionError
 */
export async function bakeImages(
  plans: readonly BakedImagePlan[],
  stock: Pick<Stock, 'pushed'>,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<Baked> {
  const { report } = ports
  const [first] = plans
  if (first === undefined) throw new TypeError('there is nothing to bake')
  const platforms = [...new Set(plans.flatMap((plan) => plan.platforms))]
  const configuration = await docker.logIn([...registriesOf(plans), ...first.pullHosts])
  const needs = { builder: first.builder, build: { platforms }, push: pushOf(plans) }
  const builder = await report.phase('builder', 'Prepare the builder', () =>
    prepareBuilder(needs, configuration, ports),
  )
  warnOfSharedCaches(builder, platforms, sharedCaches(plans, builder), ports)
  const names = plans.map(({ target }) => target).join(', ')
  const digests = await report.phase('build', `Bake ${names} and push`, async () => {
    const prepared = await prepareBake(plans, builder.name, docker, session, ports)
    return await bake({ plans, prepared, stock }, docker, session, ports)
  })
  return { builder: builder.name, digests }
}

function pushOf(plans: readonly BakedImagePlan[]): EnginePush {
  return {
    byDigest: plans.some(({ identityTags }) => identityTags.length === 0),
    attested: plans.some((plan) => attestsTarget(membersOf(plan))),
  }
}

/** What targets write of which several nodes may each build a platform. */
function sharedCaches(plans: readonly BakedImagePlan[], builder: Builder): readonly string[] {
  const names = plans.map(({ target }) => target)
  const [{ bake } = { bake: undefined }] = plans
  if (bake === undefined) return []
  return [...builtWith(names, bake.targets)].flatMap(([name, members]) => {
    if (!isShared(builder, { platforms: stringsAt(members, 'platforms') })) return []
    const caches = plans.find(({ target }) => target === name)?.caches.to
    const given = caches === undefined ? [] : [...bake.settings.cacheTo, ...caches]
    return [...given, ...cachesWrittenBy(members)]
  })
}

function membersOf({ bake, target }: BakedImagePlan): JsonObject {
  return bake.targets.get(target) ?? {}
}

/** Each once; a cache may be kept in a registry of its own. */
function registriesOf(plans: readonly BakedImagePlan[]): readonly EcrHost[] {
  const all = plans.flatMap(({ repository, caches }) => [
    repository.registry,
    ...(caches.host === undefined ? [] : [caches.host]),
  ])
  return [...new Map(all.map((registry) => [registry.host, registry])).values()]
}

/** What is baked, and who is told of it. */
interface Batch {
  readonly plans: readonly BakedImagePlan[]
  readonly prepared: PreparedBake
  readonly stock: Pick<Stock, 'pushed'>
}

async function bake(
  { plans, prepared, stock }: Batch,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<ReadonlyMap<string, Digest>> {
  const arrived = new Map<string, Digest>()
  const [retries = 0] = plans.map((plan) => plan.retries)
  const missing = () => plans.filter(({ target }) => !arrived.has(target))
  const look = async (): Promise<boolean> => {
    const found = await findArrived(missing(), session, ports)
    for (const [plan, digest] of found) {
      arrived.set(plan.target, digest)
      stock.pushed(plan, digest)
    }
    if (found.length > 0) ports.report.record({ metadata: withArrived('{}', arrived) })
    return arrived.size === plans.length
  }
  return await repeatBuild<ReadonlyMap<string, Digest>>(
    retries,
    async ({ again, cached }) => {
      if (again && (await look())) return { kind: 'built', built: arrived }
      const end = await runBake({ ...prepared, plans: missing(), cached, arrived }, ports)
      if (end.kind === 'built') {
        if (!again) tellShare(end, ports)
        return { kind: 'built', built: new Map([...arrived, ...end.digests]) }
      }
      const failed = await explain(missing(), prepared.builder, end.lastLines, docker, session)
      // Also where a step of one target failed: others may be pushed, and that is told.
      const isWhole = await look()
      if (failed.kind === 'push' && isWhole) return { kind: 'built', built: arrived }
      return { kind: 'failed', failed }
    },
    docker,
    ports,
  )
}

/** Which of several images the cached steps were of, buildx does not tell. */
function tellShare(
  { digests, cacheShare }: Extract<BakeEnd, { kind: 'built' }>,
  { report }: Pick<Ports, 'report'>,
): void {
  const [digest, ...others] = digests.values()
  if (digest !== undefined && others.length === 0) report.review(digest, { cacheShare })
}

/** One target may have failed where others are pushed: their tags may be immutable by now. */
async function findArrived(
  plans: readonly BakedImagePlan[],
  session: AwsSession,
  ports: Ports,
): Promise<readonly (readonly [BakedImagePlan, Digest])[]> {
  const found = await Promise.all(
    plans.map(async (plan) => {
      const ecr = session.ecr(plan.repository.registry)
      const digest = await findPushed(plan, ecr, ports, 'bake failed')
      return digest === undefined ? [] : [[plan, digest] as const]
    }),
  )
  return found.flat()
}

/** Why bake failed, and what the registry that it failed at says of it. */
async function explain(
  plans: readonly BakedImagePlan[],
  builder: string,
  lastLines: readonly string[],
  docker: DockerSession,
  session: AwsSession,
): Promise<FailedGo> {
  // Which of several Dockerfiles a line is of, buildx does not tell.
  const place = { builder, dockerfile: 'the Dockerfile of a target', workspace: '/' }
  const failure = classifyBuildFailure(lastLines, place)
  if (failure.kind === 'build') return failure
  const { text } = failure.push
  const plan =
    plans.find(({ repository }) => text.includes(repositoryUri(repository))) ??
    plans.find(({ repository }) => text.includes(`/v2/${repository.name}/`)) ??
    plans[0]
  if (plan === undefined) throw new TypeError('bake failed and built nothing')
  const { registry } = plan.repository
  const error = await explainRefusedPush(plan, failure.push, session.ecr(registry))
  return { ...failure, error, expired: docker.isExpired(registry) }
}
