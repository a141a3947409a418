import { ActionError } from '../../core/errors/action-error.ts'
import type { RunTaskPlan } from '../../core/plan/service/run-task-plan.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { ObservedTask } from '../../core/tasks/observed-task.ts'
import { taskError } from '../../core/tasks/task-error.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { TaskLogs } from './follow-logs.ts'
import { TaskWatch, type TaskEnd } from './follow-task.ts'
import { createOneOffTask, type OneOffTask, type TaskPorts } from './one-off-task.ts'
import { placeTask } from './place-task.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

/** What became of a one-off task. */
export type TaskOutcome =
  | {
      readonly outcome: 'ran'
      /** As it was seen last. */
      readonly task: ObservedTask
    }
  | { readonly outcome: 'failed' | 'timed-out' | 'unknown'; readonly error: ActionError }

type Judged = Extract<TaskEnd, { kind: 'judged' }>

/**
 * Starts a one-off task, follows it with its log, and judges it. It is never stopped by us: what
 * does not end in time goes on in AWS.
 * @throws ActionError `cancelled` when the runner asks us to stop; all else is an outcome.
 */
export async function runTask(
  plan: RunTaskPlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: TaskPorts,
): Promise<TaskOutcome> {
  const work = createOneOffTask(plan, revision, session, ports)
  return await ports.report.phase('task', `Running ${work.name}`, async () => {
    try {
      return await startAndFollow(work)
    } catch (error) {
      if (!(error instanceof ActionError) || ports.signal.aborted) throw error
      return { outcome: error.code === 'task-lost' ? 'unknown' : 'failed', error }
    }
  })
}

async function startAndFollow(work: OneOffTask): Promise<TaskOutcome> {
  const { clock, report } = work.ports
  const untilMs = clock.monotonicMs() + work.plan.waitMs
  const arn = await placeTask(work, untilMs)
  report.record({ task: { arn } })
  report.line(`started ${arn}`)
  const logs = new TaskLogs(work, arn)
  let goesOn = true
  try {
    const end = await new TaskWatch(work, arn, logs).run(untilMs)
    if (end.kind === 'judged') {
      goesOn = end.task.lastStatus !== 'STOPPED'
      recordExitCode(work, arn, end.verdict)
      await logs.readToTheEnd()
    }
    return conclude(work, arn, end, logs)
  } catch (error) {
    if (work.ports.signal.aborted && goesOn) sayThatItGoesOn(work, arn)
    throw error
  }
}

/** Before the rest of the log is read: a run that is cancelled then has it, too. */
function recordExitCode({ ports }: OneOffTask, arn: string, verdict: Judged['verdict']): void {
  const exitCode = 'exitCode' in verdict ? verdict.exitCode : undefined
  ports.report.record({ task: { arn, ...(exitCode !== undefined && { exitCode }) } })
}

function conclude(work: OneOffTask, arn: string, end: TaskEnd, logs: TaskLogs): TaskOutcome {
  const { report } = work.ports
  switch (end.kind) {
    case 'timed-out':
      sayThatItGoesOn(work, arn)
      return { outcome: 'timed-out', error: timedOut(work, arn, end.lastStatus) }
    case 'lost':
      sayThatItGoesOn(work, arn)
      return { outcome: 'unknown', error: lost(work, arn, end.cause) }
    case 'judged': {
      const { verdict, task } = end
      if (verdict.kind === 'succeeded') {
        const goesOn = task.lastStatus === 'STOPPED' ? '' : '; other containers of it run on'
        report.line(`${work.name} ended well, exit code 0${goesOn}`)
        return { outcome: 'ran', task }
      }
      const lines = verdict.kind === 'failed' ? logs.lastOf(verdict.container) : []
      const outcome = verdict.kind === 'undecided' ? 'unknown' : 'failed'
      return { outcome, error: taskError(verdict, task, nameOf(work, arn), lines) }
    }
  }
}

function sayThatItGoesOn(work: OneOffTask, arn: string): void {
  work.ports.report.goesOn(`${nameOf(work, arn)} (${arn})`)
}

function nameOf({ revision, where }: OneOffTask, arn: string): string {
  return `task ${nameInArn(arn)} of ${revision.name} ${where}`
}

function timedOut(work: OneOffTask, arn: string, lastStatus: string): ActionError {
  const minutes = work.plan.waitMs / 60_000
  const seen = lastStatus === '' ? 'was not seen yet' : `is ${lastStatus}`
  return new ActionError(
    'task-timed-out',
    `${nameOf(work, arn)} ${seen} after ${minutes} minutes`,
    'It was not stopped and goes on in AWS. Raise `wait-for-minutes` if it needs longer.',
  )
}

function lost(work: OneOffTask, arn: string, cause: ActionError): ActionError {
  return new ActionError(
    'task-lost',
    `${nameOf(work, arn)} was lost sight of: ${cause.message}`,
    cause.remedy,
    { cause },
  )
}
