import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { deniedAction } from '../../core/faults/ecs-general.ts'
import { describePlace, oneLine } from '../../core/faults/ecs-fault.ts'
import { readServiceDeploymentRecord } from '../../core/rollout/observation/service-deployment-record.ts'
import type { Rollout } from './rollout.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/** What came of asking ECS to roll a deployment back. */
export type StopAnswer =
  /** ECS has taken the request, or is rolling back by itself. */
  | { readonly kind: 'requested' }
  /** The deployment has ended; its record tells how. */
  | { readonly kind: 'over' }
  | { readonly kind: 'refused'; readonly why: string }

const attempts = 5

/**
 * Asks ECS to stop `arn` and to return the service to what it ran before (StopServiceDeployment
 * with ROLLBACK, which needs no circuit breaker). The request names one deployment, so that it can
 * never reach somebody's newer one; after a lost answer the record is read before it is sent again.
 */
export async function stopDeployment(rollout: Rollout, arn: string): Promise<StopAnswer> {
  const { session, ports } = rollout
  const input = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' }
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    try {
      rollout.rollback.asked = true
      await untilAborted(() => session.ecs.stopServiceDeployment(input), ports.signal)
      return { kind: 'requested' }
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      ports.report.detail(`StopServiceDeployment: ${error.code}: ${error.message}`)
      if (error.code === 'ConflictException') return { kind: 'over' }
      const again = error.throttled || error.ambiguous
      rollout.rollback.asked = error.ambiguous && !error.unsent
      if (!again || attempt >= attempts) return { kind: 'refused', why: refusal(rollout, error) }
      await ports.clock.sleep(backOffMs(attempt), ports.signal)
      const taken = rollout.rollback.asked && (await isTaken(rollout, arn))
      if (taken) return { kind: 'requested' }
    }
  }
}

/** Whether the record shows the request. One that has ended answers the next request by itself. */
async function isTaken({ session, ports }: Rollout, arn: string): Promise<boolean> {
  try {
    const call = () => session.ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] })
    const record = readServiceDeploymentRecord(await untilAborted(call, ports.signal), arn)
    return record?.status.startsWith('ROLLBACK_') === true
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    ports.report.detail(`a look failed: ${error.code}: ${error.message}`)
    return false
  }
}

/** A missing permission is told once, by name; nothing else changes for it. */
function refusal({ place, ports }: Rollout, failure: AwsFailure): string {
  if (!failure.denied) return `ECS refused: ${failure.code}: ${oneLine(failure)}`
  const action = deniedAction(failure)
  ports.report.warning(
    `without the permission ${action} the deployment of ${describePlace(place)} cannot be rolled back`,
  )
  return `the permission ${action} is missing`
}
