import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
import { deniedAction } from '../../core/faults/denied-statement.ts'
import { describePlace, oneLine } from '../../core/faults/ecs-fault.ts'
import {
  isReturning,
  readServiceDeploymentRecord,
} from '../../core/rollout/observation/service-deployment-record.ts'
import type { Rollout } from './rollout.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/** What came of asking ECS to roll a deployment back. */
export type StopAnswer =
  | StopSent
  /** ECS has not taken the request. */
  | { readonly kind: 'refused'; readonly why: string; readonly denied: boolean }

/** The request has, or may have, arrived; the record tells the rest. */
export type StopSent =
  /** ECS has taken the request, or is rolling back by itself. */
  | { readonly kind: 'requested' }
  /** The deployment has ended; its record tells how. */
  | { readonly kind: 'over' }
  /** No answer came to a request, and no look has shown it in the record yet. */
  | { readonly kind: 'lost'; readonly why: string }

const attempts = 5

/**
 * Asks ECS to stop `arn` and to return the service to what it ran before (StopServiceDeployment
 * with ROLLBACK, which needs no circuit breaker). The request names one deployment, so that it can
 * never reach somebody's newer one; after a lost answer the record is read before it is sent again.
 */
export async function stopDeployment(rollout: Rollout, arn: string): Promise<StopAnswer> {
  const { session, ports, rollback } = rollout
  const input = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' }
  let maybeTaken = false
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    try {
      rollback.asked = true
      await untilAborted(() => session.ecs.stopServiceDeployment(input), ports.signal)
      return { kind: 'requested' }
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      ports.report.detail(`StopServiceDeployment: ${error.code}: ${error.message}`)
      if (error.code === 'ConflictException') return { kind: 'over' }
      maybeTaken ||= error.ambiguous && !error.unsent
      rollback.asked = maybeTaken
      const again = (error.throttled || error.ambiguous) && attempt < attempts
      const why = again ? '' : whyNot(rollout, error)
      if (!again && !maybeTaken) return { kind: 'refused', why, denied: error.denied }
      await ports.clock.sleep(backOffMs(attempt), ports.signal)
      if (maybeTaken && (await isTaken(rollout, arn))) return { kind: 'requested' }
      if (!again) return { kind: 'lost', why }
    }
  }
}

/** Whether the record shows the request. One that has ended answers the next request by itself. */
async function isTaken({ session, ports }: Rollout, arn: string): Promise<boolean> {
  try {
    const call = () => session.ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] })
    const record = readServiceDeploymentRecord(await untilAborted(call, ports.signal), arn)
    return record !== undefined && isReturning(record)
  } catch (error) {
    if (!isFailedCall(error)) throw error
    ports.report.detail(`a look failed: ${error.code}: ${error.message}`)
    return false
  }
}

/** A missing permission is told once, by name; nothing else changes for it. */
function whyNot({ place, ports }: Rollout, failure: AwsFailure): string {
  const words = `${failure.code}: ${oneLine(failure)}`
  if (failure.ambiguous) return `no good answer from ECS: ${words}`
  if (!failure.denied) return `ECS refused: ${words}`
  const action = deniedAction(failure)
  ports.report.warning(
    `without the permission ${action} the deployment of ${describePlace(place)} cannot be rolled back`,
  )
  return `the permission ${action} is missing`
}
