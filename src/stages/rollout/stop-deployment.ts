import { backOffMs } from '../../core/back-off.ts'
import type { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
import { deniedAction } from '../../core/faults/denied-statement.ts'
import { describePlace, oneLine } from '../../core/faults/ecs-fault.ts'
import {
  isReturning,
  readServiceDeploymentRecord,
} from '../../core/rollout/observation/service-deployment-record.ts'
import type { Refused, StopAnswer } from './rollback-request.ts'
import type { Rollout } from './rollout.ts'
import { Sending } from '../aws/sending.ts'
import { untilAborted } from '../aws/until-aborted.ts'

const attempts = 5

/**
 * Asks ECS to stop `arn` and to return the service to what it ran before (StopServiceDeployment
 * with ROLLBACK, which needs no circuit breaker). The request names one deployment, so that it can
 * never reach somebody's newer one; after a lost answer the record is read before it is sent again.
 * Whatever ends the asking, `rollout.rollback` keeps what is known of the request.
 * @throws the signal's reason when it aborts.
 */
export async function stopDeployment(rollout: Rollout, arn: string): Promise<StopAnswer> {
  const answer = await askUntilAnswered(rollout, arn)
  rollout.rollback.request = answer
  return answer
}

async function askUntilAnswered(rollout: Rollout, arn: string): Promise<StopAnswer> {
  const { session, ports, rollback } = rollout
  const input = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' }
  const sending = new Sending(ports.signal)
  let lost: StopAnswer | undefined
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    try {
      rollback.request = { kind: 'sent' }
      await sending.attempt(() => session.ecs.stopServiceDeployment(input))
      return { kind: 'requested' }
    } catch (error) {
      if (!isFailedCall(error)) throw error
      ports.report.detail(`StopServiceDeployment: ${error.code}: ${error.message}`)
      // What answers so may be the rollback that a request without an answer has begun.
      if (error.code === 'ConflictException') return lost ?? { kind: 'over' }
      if (sending.maybeTaken) lost ??= { kind: 'lost', why: describe(error) }
      rollback.request = lost
      const refused = isPassing(error) && attempt < attempts ? undefined : refusal(rollout, error)
      if (refused !== undefined && lost === undefined) return refused
      await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
      if (lost !== undefined && (await isTaken(rollout, arn))) return { kind: 'requested' }
      if (refused !== undefined) return { kind: 'lost', why: refused.why }
    }
  }
}

type Failure = AwsFailure | ActionError

/** Whether the same request may do better soon. */
function isPassing(failure: Failure): boolean {
  return failure instanceof AwsFailure && (failure.throttled || failure.ambiguous)
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
function refusal({ place, ports }: Rollout, failure: Failure): Refused {
  const why = describe(failure)
  if (!(failure instanceof AwsFailure)) return { kind: 'refused', why, remedy: failure.remedy }
  if (!failure.denied) return { kind: 'refused', why }
  ports.report.warning(
    `without the permission ${deniedAction(failure)} the deployment of ${describePlace(place)} cannot be rolled back`,
  )
  const remedy = 'Allow ecs:StopServiceDeployment, or stop the deployment in the console.'
  return { kind: 'refused', why, remedy }
}

function describe(failure: Failure): string {
  if (!(failure instanceof AwsFailure)) return `ECS could not be asked: ${failure.message}`
  const words = `${failure.code}: ${oneLine(failure)}`
  if (failure.ambiguous) return `no good answer from ECS: ${words}`
  if (failure.denied) return `the permission ${deniedAction(failure)} is missing`
  return `ECS refused: ${words}`
}
