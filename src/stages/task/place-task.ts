import { randomUUID } from 'node:crypto'

import { backOffMs } from '../../core/back-off.ts'
import { ActionError } from '../../core/errors/action-error.ts'
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
import { untilAborted } from '../aws/until-aborted.ts'

/** Answers that may be lost in a row before we say that nobody knows. */
const mostLostAnswers = 8

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
    const failure = answer.kind === 'no-room' ? answer.failure : undefined
    if (answer.kind === 'started') return answer.arn
    if (failure === undefined) throw lost(work)
    const rest = backOffMs(attempt)
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
  | { readonly kind: 'lost' }

async function askForTask(work: OneOffTask, clientToken: string): Promise<Answer> {
  const { plan, revision, session, ports } = work
  const input: JsonObject = {
    ...plan.request,
    ...{ cluster: plan.cluster, taskDefinition: revision.arn, clientToken },
  }
  let lostAnswers = 0
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    try {
      return readAnswer(await untilAborted(() => session.ecs.runTask(input), ports.signal))
    } catch (error) {
      if (ports.signal.aborted) sayThatItMayRun(work)
      if (!(error instanceof AwsFailure)) throw error
      ports.report.detail(`RunTask: ${error.code}: ${error.message}`)
      const failure = explainPlacement(error.message)
      // On Fargate a want of capacity can come as an error, too.
      if (!error.ambiguous && failure.passing) return { kind: 'no-room', failure }
      if (error.ambiguous && !error.unsent) lostAnswers += 1
      if (!error.throttled && !error.ambiguous) throw explainEcs(error, work.place)
      if (attempt >= mostLostAnswers) {
        if (lostAnswers > 0) return { kind: 'lost' }
        throw explainEcs(error, work.place)
      }
      await ports.clock.sleep(backOffMs(attempt), ports.signal)
    }
  }
}

function readAnswer(answer: JsonObject): Answer {
  const task = readObservedTask(answer)
  if (task !== undefined && task.arn !== '') return { kind: 'started', arn: task.arn }
  const failure = readPlacementFailure(answer) ?? explainPlacement('RunTask started no task')
  return { kind: 'no-room', failure }
}

function sayThatItMayRun({ name, where, ports }: OneOffTask): void {
  ports.report.goesOn(`RunTask for ${name} ${where} was sent; ECS may be running it`)
}

function lost(work: OneOffTask): ActionError {
  sayThatItMayRun(work)
  return new ActionError(
    'task-lost',
    `RunTask gave no answer, and nobody knows whether ${work.name} runs ${work.where}`,
    'Look at the tasks of the cluster before running the job again: a new run starts a new task.',
  )
}

function notPlaced({ name, where }: OneOffTask, failure: PlacementFailure): ActionError {
  return new ActionError(
    'task-not-placed',
    `${name} was not started ${where}: ${failure.sentence} (${failure.reason})`,
    failure.remedy,
  )
}
