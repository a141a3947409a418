import { describeCache } from '../../core/buildx/cache/plan-cache.ts'
import type { ReleaseInputs } from '../../core/inputs/inputs.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import { planImage } from '../../core/plan/image/plan-image.ts'
import type { ReleasePlan } from '../../core/plan/plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectCache } from './inspect-cache.ts'
import { inspectRepositories, newRepositoryOf, targetOf } from './inspect-repositories.ts'
import { inspectSource } from './inspect-source.ts'
import { locateRegistries } from './locate-registries.ts'
import { nameImage } from './name-image.ts'
import { Objections } from './objections.ts'
import { planServices } from './plan-services.ts'

/** Decides what is built, under which names, and how the services come to it. @throws ActionError */
export async function planRelease(
  given: ReleaseInputs,
  session: AwsSession,
  ports: Ports,
): Promise<ReleasePlan> {
  const { identity, inputs } = await nameImage(given, ports)
  const { build, publish } = inputs
  const objections = new Objections()
  const creation = newRepositoryOf(publish, build.tagRules)
  const [repositories, source, cache, pullHosts] = await Promise.all([
    objections.collect(inspectRepositories(publish, identity, creation, session, ports)),
    objections.collect(inspectSource(build, ports)),
    objections.collect(inspectCache(build.cache, publish.creation, session, ports)),
    objections.collect(locateRegistries(build.registries, session)),
  ])
  // Where the repository is missing the services are looked at all the same: one run tells all.
  const target = repositories && targetOf(repositories, build.platforms, session)
  const deployment = await planServices(inputs, target, objections, session, ports)
  objections.raise()
  if (!repositories || !source || !cache || !pullHosts || !deployment) {
    throw new TypeError('a preflight read ended without result or error')
  }
  const { context } = ports
  const { githubToken } = inputs
  const decided = { inputs: build, context, identity, source, cache, githubToken, pullHosts }
  const basis = { ...decided, ...repositories }
  const image = planImage(basis)
  tellCache(image, describeCache(cache, context), ports)
  ports.report.record({ version: image.version })
  return { mode: 'release', images: [image], ...deployment }
}

/** Says which cache a build reads and writes. */
export function tellCache(
  image: ImagePlan,
  description: string,
  { report }: Pick<Ports, 'report'>,
): void {
  if (image.existing === undefined && description !== '') report.line(`cache: ${description}`)
}
