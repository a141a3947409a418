import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
import { targets, type ServiceDeploymentBrief } from '../../core/rollout/observation/observation.ts'
import { isTasksLook } from '../../core/rollout/pace/poll-interval.ts'
import { listDeployments } from './look-at-service.ts'
import { deadlineOf, type Rollout } from './rollout.ts'

/** ListServiceDeployments lags behind UpdateService by more than this in rare cases alone. */
const pinWithinMs = 60_000

/**
 * The search for ECS's own record of our deployment: the one whose target service revision has its
 * number. No local clock takes part, and `currentServiceDeployment` neither: it may be outdated.
 */
export class DeploymentPin {
  readonly #rollout: Rollout
  readonly #soughtUntilMs: number
  #arn: string | undefined
  #brief: ServiceDeploymentBrief | undefined

  /** @param arn The record's, where it is known without a search. */
  constructor(rollout: Rollout, arn?: string) {
    this.#rollout = rollout
    this.#soughtUntilMs = Math.min(
      rollout.ports.clock.monotonicMs() + pinWithinMs,
      deadlineOf(rollout),
    )
    this.#brief = rollout.deployment.brief
    this.#arn = arn ?? this.#brief?.arn
  }

  /** Undefined: the record cannot be had, or not yet; the service's deployments must do then. */
  get arn(): string | undefined {
    return this.#arn
  }

  get brief(): ServiceDeploymentBrief | undefined {
    return this.#brief
  }

  /** Whether the record may well be found yet: for a minute, and not beyond the deadline. */
  get isSought(): boolean {
    const { ports, optional } = this.#rollout
    if (this.#arn !== undefined || optional.isForgone('ListServiceDeployments')) return false
    return ports.clock.monotonicMs() < this.#soughtUntilMs
  }

  /** Looks for the record: at every look at first, then at as few as are for tasks. */
  async seek(look: number): Promise<void> {
    const { ports, deployment, rounds } = this.#rollout
    if (this.#arn !== undefined) return
    const isDue = look === 0 || this.isSought || isTasksLook(deployment.deploymentId, look)
    if (!isDue) return
    const beganAtMs = ports.clock.monotonicMs()
    const found = await findOurs(this.#rollout)
    if (found === 'throttled') {
      rounds.slowDown(beganAtMs)
      return
    }
    if (found === undefined) return
    this.#brief = found
    this.#arn = found.arn
    ports.report.record({ deploymentArn: found.arn })
  }
}

const betweenMs = 2_000

/**
 * The record for somebody in a hurry, who looks at nothing else meanwhile: asks until it is found.
 * @returns undefined where it may not be read.
 * @throws the signal's reason when it aborts.
 */
export async function pinDeployment(rollout: Rollout): Promise<ServiceDeploymentBrief | undefined> {
  const { clock, signal } = rollout.ports
  if (rollout.deployment.brief !== undefined) return rollout.deployment.brief
  while (!rollout.optional.isForgone('ListServiceDeployments')) {
    const found = await findOurs(rollout)
    if (found !== undefined && found !== 'throttled') return found
    await clock.sleep(betweenMs, signal)
  }
  return undefined
}

async function findOurs(
  rollout: Rollout,
): Promise<ServiceDeploymentBrief | 'throttled' | undefined> {
  try {
    const briefs = await listDeployments(rollout)
    return briefs.find((brief) => targets(brief, rollout.deployment.deploymentId))
  } catch (error) {
    if (!isFailedCall(error)) throw error
    rollout.ports.report.detail(`ListServiceDeployments: ${error.code}: ${error.message}`)
    return error instanceof AwsFailure && error.throttled ? 'throttled' : undefined
  }
}
