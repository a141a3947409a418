import type { PushedImage } from '../core/image/image.ts'
import { worstOf } from '../core/outcome.ts'
import type { Plan } from '../core/plan/plan.ts'
import type { RunEnd } from '../core/report/run-end.ts'
import type { ServiceOutcome } from '../core/rollout/service-outcome.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { deployServices } from './deploy-services.ts'
import { publishImage } from './publish-image.ts'

/**
 * Does what was planned: publishes the images, then brings the services to them.
 * @throws ActionError where it ends before a service was updated.
 */
export async function carryOut(plan: Plan, session: AwsSession, ports: Ports): Promise<RunEnd> {
  const images = plan.mode === 'release' ? await publishAll(plan, session, ports) : plan.images
  const [image] = images
  if (plan.services.length > 0) {
    return endOf(await deployServices(plan.services, image, session, ports))
  }
  const reused = images.every((published) => published.reused)
  return {
    outcome: reused ? 'already-pushed' : 'pushed',
    changed: false,
    verified: true,
    error: undefined,
  }
}

async function publishAll(
  { images }: Extract<Plan, { mode: 'release' }>,
  session: AwsSession,
  ports: Ports,
): Promise<readonly PushedImage[]> {
  const published: PushedImage[] = []
  for (const image of images) published.push(await publishImage(image, session, ports))
  return published
}

/** What several services say together: the worst outcome, and its error. */
function endOf(services: readonly ServiceOutcome[]): RunEnd {
  const outcome = worstOf(services.map((service) => service.outcome))
  return {
    outcome,
    changed: services.some((service) => service.changed),
    verified: services.every((service) => service.verified),
    error: services.find((service) => service.outcome === outcome)?.error,
  }
}
