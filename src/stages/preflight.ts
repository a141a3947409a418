import { ActionError } from '../core/errors/action-error.ts'
import { combineErrors } from '../core/errors/combine.ts'
import type { Inputs } from '../core/inputs/inputs.ts'
import { identifyImage } from '../core/image/tags.ts'
import { planImage } from '../core/plan/plan-image.ts'
import type { DeployPlan, Plan, ReleasePlan } from '../core/plan/plan.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { findImage } from './find-image.ts'
import { inspectRepository } from './inspect-repository.ts'
import { inspectServices } from './inspect-services.ts'
import { inspectSource } from './inspect-source.ts'

/**
 * Reads all that a plan needs and makes it. Nothing is written, and what speaks against the run is
 * told together.
 * @throws ActionError
 */
export async function preflight(inputs: Inputs, session: AwsSession, ports: Ports): Promise<Plan> {
  return ports.report.phase<Plan>('preflight', 'Checking before anything is written', () =>
    inputs.mode === 'release'
      ? planRelease(inputs, session, ports)
      : planDeploy(inputs, session, ports),
  )
}

async function planRelease(
  inputs: Extract<Inputs, { mode: 'release' }>,
  session: AwsSession,
  ports: Ports,
): Promise<ReleasePlan> {
  const { build, deploy } = inputs
  const identity = identifyImage(ports.context, build.tagRules, ports.clock.now())
  for (const note of identity.notes) ports.report.line(note)
  const errors: ActionError[] = []
  const [repository, source] = await Promise.all([
    collecting(errors, inspectRepository(build.repository, identity, session, ports)),
    collecting(errors, inspectSource(build, ports)),
  ])
  // Where the repository is missing the services are looked at all the same: one run tells all.
  const target = repository && { repository: repository.repository, platforms: build.platforms }
  const services = await collecting(errors, inspectServices(deploy, target, session, ports))
  const [first, ...more] = errors
  if (first !== undefined) throw combineErrors([first, ...more])
  if (repository === undefined || source === undefined || services === undefined) {
    throw new TypeError('a preflight read ended without result or error')
  }
  const image = planImage({
    inputs: build,
    context: ports.context,
    identity,
    source,
    repository,
  })
  ports.report.record({ version: image.version })
  return { mode: 'release', images: [image], services }
}

async function planDeploy(
  { deploy }: Inputs,
  session: AwsSession,
  ports: Ports,
): Promise<DeployPlan> {
  const errors: ActionError[] = []
  const image =
    deploy.image === undefined
      ? undefined
      : await collecting(errors, findImage(deploy.image, deploy.repository, session, ports))
  if (image !== undefined) ports.report.record({ image })
  const target = image && {
    repository: image.repository,
    platforms: image.platforms.map(({ platform }) => platform),
  }
  const services = await collecting(errors, inspectServices(deploy, target, session, ports))
  const [first, ...more] = errors
  if (first !== undefined) throw combineErrors([first, ...more])
  return { mode: 'deploy', images: image === undefined ? [] : [image], services: services ?? [] }
}

/** The result, or undefined with the failure added to `errors`. Other failures are defects. */
async function collecting<T>(errors: ActionError[], work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ActionError) || error.code === 'cancelled') throw error
    errors.push(error)
    return undefined
  }
}
