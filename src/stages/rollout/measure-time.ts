import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { deploymentOf, type Observation } from '../../core/rollout/observation/observation.ts'
import { readTasks, type Task } from '../../core/rollout/observation/stopped-tasks.ts'
import { dominantPart } from '../../core/rollout/evidence/time-advice.ts'
import {
  measureTimeSpent,
  type RolloutRecord,
  type TimeSpent,
} from '../../core/rollout/evidence/time-spent.ts'
import { completionTold, mostEvents, stopsTold } from '../../core/rollout/evidence/told-stops.ts'
import { targetGroupsOf } from './read-target-health.ts'
import type { Rollout } from './rollout.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/** DescribeTasks takes one hundred tasks at a time. */
const mostTasks = 100

/**
 * Where the time of a complete rollout went. Costs at most two calls: one for the tasks that were
 * replaced, and one for the deregistration delay where their stopping dominates. Cannot fail the run.
 * @param newTasks Tasks of the deployment, as they were last read.
 * @returns undefined where AWS's times do not tell: the deployment's beginning or end is not known,
 * or ECS has forgotten some of its events.
 */
export async function measureTime(
  rollout: Rollout,
  latest: Observation | undefined,
  newTasks: readonly Task[],
): Promise<TimeSpent | undefined> {
  const spent = latest && timesOf(rollout, latest)
  if (spent === undefined || newTasks.length === 0) return undefined
  const stopsToldAt = stopsTold(spent.events)
  const oldTasks = await readOldTasks(rollout, [...stopsToldAt.keys()])
  const { beganAt, endedAt, bakeMs, bakesBeforeStops } = spent
  const record: RolloutRecord = {
    ...{ beganAt, endedAt, newTasks, oldTasks, stopsToldAt, bakeMs, bakesBeforeStops },
    deregistrationDelayMs: undefined,
  }
  const measured = measureTimeSpent(record)
  if (dominantPart(measured) !== 'stop') return measured
  const deregistrationDelayMs = await readDeregistrationDelayMs(rollout)
  return measureTimeSpent({ ...record, deregistrationDelayMs })
}

function timesOf({ deployment, watched }: Rollout, { service, record }: Observation) {
  const { events } = service
  const listed = deploymentOf(service, deployment.deploymentId)
  const beganAt = record?.createdAt ?? listed?.createdAt
  const endedAt = record?.finishedAt ?? completionTold(events, deployment.deploymentId)
  if (beganAt === undefined || endedAt === undefined) return undefined
  const oldest = events.at(-1)
  const forgotten = events.length >= mostEvents && oldest !== undefined && oldest.at > beganAt
  if (forgotten) return undefined
  const staged = record !== undefined && record.shift.strategy !== 'ROLLING'
  const bakes = staged || watched.guards.alarms
  return {
    ...{ beganAt, endedAt, bakesBeforeStops: staged },
    events: events.filter(({ at }) => at >= beganAt),
    bakeMs: bakes ? (record?.shift.bakeMs ?? 0) : 0,
  }
}

async function readOldTasks(rollout: Rollout, ids: readonly string[]): Promise<readonly Task[]> {
  const { plan, session, deployment, optional } = rollout
  if (ids.length === 0) return []
  const answer = await optional.try('DescribeTasks', 'the time of the rollout is not told', () =>
    session.ecs.describeTasks({ cluster: plan.current.clusterArn, tasks: ids.slice(0, mostTasks) }),
  )
  const tasks = readTasks(answer ?? {})
  return tasks.filter(({ startedBy }) => startedBy !== deployment.deploymentId)
}

/** Of the first target group. A green run is not warned for a missing permission. */
async function readDeregistrationDelayMs(rollout: Rollout): Promise<number | undefined> {
  const { session, ports } = rollout
  const [group] = targetGroupsOf(rollout)
  if (group === undefined) return undefined
  try {
    const asked = () => session.targetGroups.deregistrationDelaySeconds(group)
    const seconds = await untilAborted(asked, ports.signal)
    return seconds === undefined ? undefined : seconds * 1000
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    ports.report.detail(`DescribeTargetGroupAttributes: ${error.code}: ${error.message}`)
    return undefined
  }
}
