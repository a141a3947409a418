import { sourceOf } from '../../core/bake/paths.ts'
import { judgeTargets, type JudgedTargets } from '../../core/bake/judge-targets.ts'
import { describeCache } from '../../core/buildx/cache/plan-cache.ts'
import type { BakeInputs } from '../../core/inputs/build/bake.ts'
import type { ReleaseInputs } from '../../core/inputs/inputs.ts'
import {
  planBakedImages,
  type BakeBasis,
  type PushedTargetFacts,
} from '../../core/plan/image/plan-bake.ts'
import type { ImageTarget } from '../../core/plan/image/planned-images.ts'
import type { ReleasePlan } from '../../core/plan/plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectCache } from './inspect-cache.ts'
import { newRepositoryOf } from './inspect-repositories.ts'
import { inspectRepository } from './inspect-repository.ts'
import { inspectSource, readSource } from './inspect-source.ts'
import { locateRegistries } from './locate-registries.ts'
import { nameImage } from './name-image.ts'
import { Objections } from './objections.ts'
import { tellCache } from './plan-release.ts'
import { planServices } from './plan-services.ts'
import { printBake } from './print-bake.ts'

type JudgedTarget = JudgedTargets['pushed'][number]

/**
 * Decides what is built of bake files: each target's image, its names, and the containers that get
 * it.
 * @throws ActionError `bake-refused` where a target must not be built, and as a release with one.
 */
export async function planBakedRelease(
  given: ReleaseInputs,
  bake: BakeInputs,
  session: AwsSession,
  ports: Ports,
): Promise<ReleasePlan> {
  const { context, report } = ports
  const { identity, inputs } = await nameImage(given, ports)
  const targets = await printBake(bake, identity.version, ports)
  const who = { workspace: context.workspace, accountId: session.caller.accountId }
  const judged = judgeTargets(targets, { bake, identity, inputs, ...who })
  for (const note of judged.notes) report.line(note)
  const objections = new Objections()
  const basis = await inspectTargets(judged, inputs, objections, session, ports)
  const images = basis && { targets: imagesOf(basis.pushed, session) }
  const deployment = await planServices(inputs, images, objections, session, ports)
  objections.raise()
  if (!basis || !deployment) throw new TypeError('a preflight read ended without result or error')
  const plans = planBakedImages(basis)
  for (const { target, existing, reason } of plans) {
    report.line(`target ${target}: ${existing ? 'found' : 'built'}, ${reason}`)
  }
  const first = plans.find(({ existing }) => existing === undefined)
  if (first !== undefined) tellCache(first, describeCache(basis.cache, context), ports)
  report.record({ version: identity.version })
  return { mode: 'release', images: plans, ...deployment }
}

/** All that is to be known before the images are planned; undefined: `objections` has why not. */
async function inspectTargets(
  judged: JudgedTargets,
  inputs: ReleaseInputs,
  objections: Objections,
  session: AwsSession,
  ports: Ports,
): Promise<BakeBasis | undefined> {
  const { build, publish } = inputs
  const [pushed, linked, cache, pullHosts] = await Promise.all([
    Promise.all(
      judged.pushed.map((each, index) =>
        inspectTarget(each, index === 0, inputs, objections, session, ports),
      ),
    ),
    Promise.all(judged.linked.map((each) => objections.collect(inspectLinked(each, ports)))),
    objections.collect(inspectCache(build.cache, publish.creation, session, ports)),
    objections.collect(locateRegistries(build.registries, session)),
  ])
  const found = pushed.flatMap((facts) => facts ?? [])
  const below = linked.flatMap((facts) => facts ?? [])
  const complete = found.length + below.length === pushed.length + linked.length
  if (!complete || !cache || !pullHosts) return undefined
  const { context } = ports
  return { inputs: build, context, cache, pullHosts, pushed: found, linked: below }
}

function imagesOf(
  pushed: readonly PushedTargetFacts[],
  { region }: AwsSession,
): ReadonlyMap<string, ImageTarget> {
  return new Map(
    pushed.map(({ target, repository: { repository }, platforms }) => [
      target.name,
      { repository, platforms, region },
    ]),
  )
}

async function inspectTarget(
  { named: { target, repository, identity }, platforms }: JudgedTarget,
  isFirst: boolean,
  { build, publish }: ReleaseInputs,
  objections: Objections,
  session: AwsSession,
  ports: Ports,
): Promise<PushedTargetFacts | undefined> {
  const creation = newRepositoryOf(publish, build.tagRules)
  const { context, file, inline } = sourceOf(target.members, ports.context.workspace)
  const [facts, source] = await Promise.all([
    objections.collect(inspectRepository(repository, identity, session, ports, creation)),
    // What is checked out is told once.
    objections.collect((isFirst ? inspectSource : readSource)({ context, file, inline }, ports)),
  ])
  return facts && source && { target, identity, platforms, repository: facts, source }
}

async function inspectLinked({ target, platforms }: JudgedTargets['linked'][number], ports: Ports) {
  const { context, file, inline } = sourceOf(target.members, ports.context.workspace)
  return { target, platforms, source: await readSource({ context, file, inline }, ports) }
}
