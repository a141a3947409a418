import { randomUUID } from 'node:crypto'

import { backOffMs } from '../../core/back-off.ts'
import { ActionError, toActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import type { JsonObject } from '../../core/json.ts'
import { readObservedTask } from '../../core/tasks/observed-task.ts'
import {
  explainPlacement,
  readPlacementFailure,
  type PlacementFailure,
} from '../../core/tasks/placement.ts'
import type { OneOffTask } from './one-off-task.ts'
import { Sending } from '../aws/sending.ts'

/** Answers that may be lost, or throttle, in a row. */
const mostAttempts = 8

/**
 * Starts the task, once: RunTask is idempotent by its client token, so that a call whose answer was
 * lost is sent again with the same one. Where ECS has no room it is asked anew, with a token of its
 * own, as long as there is time.
 * @returns the ARN of the task.
 * @throws ActionError where it is refused, not placed, or nobody knows.
 */
export async function placeTask(work: OneOffTask, untilMs: number): Promise<string> {
  const { clock, report, signal } = work.ports
  const run = randomUUID()
  report.begin()
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askForTask(work, `${run}-${attempt}`)
    if (answer.kind === 'started') return answer.arn
    const { failure } = answer
    const rest = backOffMs(attempt, clock.chance())
    if (!failure.passing || clock.monotonicMs() + rest >= untilMs) throw notPlaced(work, failure)
    const line = `no room for ${work.name} yet: ${failure.sentence} (${failure.reason})`
    if (attempt === 1) report.untrusted(line)
    else report.detail(line)
    await clock.sleep(rest, signal)
  }
}

type Answer =
  | { readonly kind: 'started'; readonly arn: string }
  | { readonly kind: 'no-room'; readonly failure: PlacementFailure }

/** @throws ActionError `task-lost` where it may have been started all the same. */
async function askForTask(work: OneOffTask, clientToken: string): Promise<Answer> {
  const { signal, report } = work.ports
  const sending = new Sending(signal)
  try {
    return await askUntilAnswered(work, clientToken, sending)
  } catch (error) {
    if (!sending.maybeTaken) throw error
    report.goesOn(`RunTask for ${work.name} ${work.where} was sent; ECS may be running it`)
    throw signal.aborted ? error : lost(work, toActionError(error))
  }
}

async function askUntilAnswered(
  { plan, revision, session, ports, place }: OneOffTask,
  clientToken: string,
  sending: Sending,
): Promise<Answer> {
  const input: JsonObject = {
    ...plan.request,
    ...{ cluster: plan.cluster, taskDefinition: revision.arn, clientToken },
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sending.attempt(async () => readAnswer(await session.ecs.runTask(input)))
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      ports.report.detail(`RunTask: ${error.code}: ${error.message}`)
      const failure = explainPlacement(error.message)
      // On Fargate a want of capacity can come as an error, too.
      if (!error.ambiguous && failure.passing) return { kind: 'no-room', failure }
      const again = (error.throttled || error.ambiguous) && attempt < mostAttempts
      if (!again) throw explainEcs(error, place)
      await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
    }
  }
}

function readAnswer(answer: JsonObject): Answer {
  const task = readObservedTask(answer)
  if (task !== undefined && task.arn !== '') return { kind: 'started', arn: task.arn }
  const failure = readPlacementFailure(answer) ?? explainPlacement('RunTask started no task')
  return { kind: 'no-room', failure }
}

function lost({ name, where }: OneOffTask, cause: ActionError): ActionError {
  return new ActionError(
    'task-lost',
    `RunTask was sent, and nobody knows whether ${name} runs ${where}: ${cause.message}`,
    'Look at the tasks of the cluster before running the job again: a new run starts a new task.',
    { cause },
  )
}

function notPlaced({ name, where }: OneOffTask, failure: PlacementFailure): ActionError {
  return new ActionError(
    'task-not-placed',
    `${name} was not started ${where}: ${failure.sentence} (${failure.reason})`,
    failure.remedy,
  )
}
