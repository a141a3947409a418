import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { InDoubt } from '../../core/errors/in-doubt.ts'
import { describePlace, oneLine, type EcsPlace } from '../../core/faults/ecs-fault.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import type { HookAction } from '../../core/rollout/verdict/pause.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { Sending } from '../aws/sending.ts'

const attempts = 5

/** The answer to one pause of one deployment. */
export interface HookAnswer {
  readonly deploymentArn: string
  readonly hookId: string
  readonly action: HookAction
}

/** What came of answering a pause. */
export type AnswerResult =
  | { readonly kind: 'answered' }
  /** The hook takes no answer (any more), in ECS's words. */
  | { readonly kind: 'not-awaiting'; readonly why: string }

/**
 * Answers a pause (ContinueServiceDeployment). It names one execution of one hook, which takes one
 * answer, so that it is sent again where it may not have arrived.
 * @throws InDoubt where it may have arrived all the same; the report says that it was sent.
 * @throws ActionError, or the signal's reason.
 */
export async function answerHook(
  answer: HookAnswer,
  place: EcsPlace,
  session: AwsSession,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<AnswerResult> {
  const { deploymentArn, hookId, action } = answer
  const input = { serviceDeploymentArn: deploymentArn, hookId, action }
  const sending = new Sending(ports.signal)
  try {
    const send = () => session.ecs.continueServiceDeployment(input)
    return await sendUntilAnswered(send, sending, place, ports)
  } catch (error) {
    if (!sending.maybeTaken) throw error
    const what = `the answer ${action} to pause hook "${hookId}" of ${describePlace(place)}`
    ports.report.goesOn(`${what} was sent; ECS may have taken it`)
    throw new InDoubt(error)
  }
}

async function sendUntilAnswered(
  send: () => Promise<unknown>,
  sending: Sending,
  place: EcsPlace,
  { clock, report, signal }: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<AnswerResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sending.attempt(send)
      return { kind: 'answered' }
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      report.detail(`ContinueServiceDeployment: ${error.code}: ${error.message}`)
      // A hook that was answered takes no second answer: the one that was lost had arrived.
      if (isNotAwaiting(error)) {
        const why = `${error.code}: ${oneLine(error)}`
        return sending.maybeTaken ? { kind: 'answered' } : { kind: 'not-awaiting', why }
      }
      if (!(error.throttled || error.ambiguous) || attempt >= attempts) {
        throw explainEcs(error, place)
      }
      await clock.sleep(backOffMs(attempt, clock.chance()), signal)
    }
  }
}

/** The codes that the model has for a hook or a deployment in another state. */
function isNotAwaiting({ code }: AwsFailure): boolean {
  return ['InvalidParameterException', 'ConflictException', 'ClientException'].includes(code)
}
