import { describeCache } from '../../core/buildx/cache/plan-cache.ts'
import type { LegInputs } from '../../core/inputs/inputs.ts'
import { planLeg as decideLeg } from '../../core/plan/image/plan-image.ts'
import type { BuildPlan } from '../../core/plan/plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectCache } from './inspect-cache.ts'
import { newRepositoryOf } from './inspect-repositories.ts'
import { inspectRepository } from './inspect-repository.ts'
import { inspectSource } from './inspect-source.ts'
import { locateRegistries } from './locate-registries.ts'
import { nameImage } from './name-image.ts'
import { Objections } from './objections.ts'
import { tellCache } from './plan-release.ts'

/** Decides what one leg of a matrix builds. @throws ActionError */
export async function planLeg(
  given: LegInputs,
  session: AwsSession,
  ports: Ports,
): Promise<BuildPlan> {
  const { identity, inputs } = await nameImage(given, ports)
  const { build, publish, githubToken } = inputs
  const objections = new Objections()
  const untagged = { identityTags: [], movingTags: [] }
  const creation = newRepositoryOf(publish, build.tagRules)
  const [repository, source, cache, pullHosts] = await Promise.all([
    objections.collect(inspectRepository(publish.repository, untagged, session, ports, creation)),
    objections.collect(inspectSource(build, ports)),
    objections.collect(inspectCache(build.cache, publish.creation, session, ports)),
    objections.collect(locateRegistries(build.registries, session)),
  ])
  objections.raise()
  if (!repository || !source || !cache || !pullHosts) {
    throw new TypeError('a preflight read ended without result or error')
  }
  const { context } = ports
  const decided = { inputs: build, context, identity, source, cache, githubToken, pullHosts }
  const basis = { ...decided, repository, copies: [] }
  const image = decideLeg(basis)
  tellCache(image, describeCache(cache, context), ports)
  ports.report.record({ version: image.version })
  return { mode: 'build', image }
}
