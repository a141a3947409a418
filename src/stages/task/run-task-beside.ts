import { differingSettings } from '../../core/plan/service/differing-settings.ts'
import type { RunTaskPlan } from '../../core/plan/service/run-task-plan.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { RunEnd } from '../../core/report/run-end.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { runTask, type TaskOutcome } from './run-task.ts'
import type { TaskPorts } from './one-off-task.ts'

/** A service and the revision that it is to run. */
export type PlannedRevision = readonly [ServicePlan, TaskDefinitionRevision]

/**
 * Runs the task that comes before the services, with the new revision of the first one.
 * @returns undefined where none comes before, or nothing of the services is to be changed.
 */
export async function runTaskBefore(
  task: RunTaskPlan | undefined,
  revisions: readonly PlannedRevision[],
  session: AwsSession,
  ports: TaskPorts,
): Promise<TaskOutcome | undefined> {
  const [first] = revisions
  if (task?.when !== 'before' || first === undefined) return undefined
  if (revisions.every(isUpToDate)) {
    ports.report.notice('the task is not run: the services are up to date already')
    return undefined
  }
  return await runTask(task, first[1], session, ports)
}

/**
 * Runs the task that comes after the services.
 * @returns undefined where none comes after, not all are deployed, or all were so before.
 */
export async function runTaskAfter(
  task: RunTaskPlan | undefined,
  [first]: readonly PlannedRevision[],
  outcomes: readonly ServiceOutcome[],
  session: AwsSession,
  ports: TaskPorts,
): Promise<TaskOutcome | undefined> {
  if (task?.when !== 'after' || first === undefined) return undefined
  const landed = outcomes.every(({ outcome }) => ['deployed', 'unchanged'].includes(outcome))
  const unchanged = outcomes.every(({ outcome, changed }) => outcome === 'unchanged' && !changed)
  if (!landed || unchanged) {
    const why = landed ? 'the services are as they were' : 'not all services are deployed'
    ports.report.notice(`the task is not run: ${why}`)
    return undefined
  }
  return await runTask(task, first[1], session, ports)
}

/** The end of the run where a task ran beside the services: a red task makes it red. */
export function endWithTask(end: RunEnd, task: TaskOutcome | undefined): RunEnd {
  if (task === undefined || task.outcome === 'ran') return end
  return { ...end, outcome: task.outcome, error: task.error }
}

function isUpToDate([plan, revision]: PlannedRevision): boolean {
  const { current, forceNewDeployment, settings } = plan
  const differing = differingSettings(settings, current.raw)
  return current.taskDefinitionArn === revision.arn && !forceNewDeployment && differing.length === 0
}
