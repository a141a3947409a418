import { joinLegs, type Joined } from '../../core/image/content/join-legs.ts'
import { isAboutCheckout } from '../../core/image/naming/run-commit.ts'
import type { RepositoryFacts } from '../../core/image/repository/repository-facts.ts'
import type { ImageIdentity } from '../../core/image/naming/tags.ts'
import type { MergeInputs } from '../../core/inputs/inputs.ts'
import { planMergedImage } from '../../core/plan/image/plan-merged-image.ts'
import type { ReleasePlan } from '../../core/plan/plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectRepositories, newRepositoryOf, targetOf } from './inspect-repositories.ts'
import { nameImage } from './name-image.ts'
import { Objections } from './objections.ts'
import { planServices } from './plan-services.ts'
import { readCommitOfLegs, readLegs } from './read-legs.ts'

/**
 * Joins the digests of build legs into one image, and decides how the services come to it.
 * @throws ActionError
 */
export async function planMerge(
  given: MergeInputs,
  session: AwsSession,
  ports: Ports,
): Promise<ReleasePlan> {
  const { identity, inputs } = await nameImage(given, ports, () =>
    isAboutCheckout(ports.context)
      ? readCommitOfLegs(given, session, ports)
      : Promise.resolve(undefined),
  )
  const { build, publish } = inputs
  const objections = new Objections()
  // The legs lie in the source, so that only further repositories can be missing.
  const creation = newRepositoryOf(publish, build.tagRules)
  const repositories = await objections.collect(
    inspectRepositories(publish, identity, creation, session, ports),
  )
  const joined =
    repositories &&
    (await objections.collect(join(inputs, identity, repositories.repository, session, ports)))
  const target = repositories && targetOf(repositories, build.platforms, session)
  const deployment = await planServices(inputs, target, objections, session, ports)
  objections.raise()
  if (!repositories || !joined || !deployment) {
    throw new TypeError('a preflight read ended without result or error')
  }
  const { context } = ports
  const image = planMergedImage({ inputs: build, context, identity, joined, ...repositories })
  ports.report.record({ version: image.version })
  return { mode: 'release', images: [image], ...deployment }
}

async function join(
  { build, digests }: MergeInputs,
  { commit }: ImageIdentity,
  { repository }: RepositoryFacts,
  session: AwsSession,
  ports: Ports,
): Promise<Joined> {
  const legs = await readLegs({ digests }, repository, session, ports)
  const annotations = Object.fromEntries(
    build.metadata.annotations.flatMap(({ place, key, value }) =>
      place === 'index' ? [[key, value]] : [],
    ),
  )
  return joinLegs(legs, { platforms: build.platforms, commit, annotations })
}
