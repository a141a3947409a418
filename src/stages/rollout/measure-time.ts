import { isFailedCall } from '../../core/errors/failed-call.ts'
import { recordTime } from '../../core/rollout/evidence/record-time.ts'
import { periodOf, type RolloutPeriod } from '../../core/rollout/evidence/rollout-period.ts'
import { dominantPart } from '../../core/rollout/evidence/time-advice.ts'
import { measureTimeSpent, type TimeSpent } from '../../core/rollout/evidence/time-spent.ts'
import { tasksTold } from '../../core/rollout/evidence/told-times.ts'
import {
  primaryOf,
  readServiceView,
  type Observation,
  type ServiceDeploymentBrief,
} from '../../core/rollout/observation/observation.ts'
import { readTasks, type Task } from '../../core/rollout/observation/stopped-tasks.ts'
import type { TaskHistory } from '../../core/rollout/verdict/fail-fast.ts'
import { targetGroupsOf } from './read-target-health.ts'
import type { Rollout } from './rollout.ts'
import { untilAborted } from '../aws/until-aborted.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

/** DescribeTasks takes one hundred tasks at a time. */
const mostTasks = 100
/** It is evidence alone: the verdict does not wait for it any longer. */
const limit = { withinMs: 5_000 }

/** What a wait leaves to measure a rollout by. */
export interface Followed {
  readonly brief: ServiceDeploymentBrief | undefined
  readonly latest: Observation | undefined
  readonly history: TaskHistory
  /** Running tasks of the deployment, where they were just read. */
  readonly running?: readonly Task[] | undefined
  /** Whether we cannot see any more: nothing is asked for then. */
  readonly lost?: boolean
}

/**
 * Where the time of a rollout went, however it ended. Costs at most two calls: one for the tasks
 * that events name, and one for the deregistration delay where the stop of old ones dominates.
 * Cannot fail the run.
 * @returns undefined where AWS's times do not tell: the deployment's beginning is not known, ECS has
 * forgotten some of its events, or nothing of what went on has a time.
 */
export async function measureTime(
  rollout: Rollout,
  followed: Followed,
): Promise<TimeSpent | undefined> {
  const { latest, brief, lost = false } = followed
  const period = latest && periodOf(latest, rollout.watched, brief ?? rollout.deployment)
  if (latest === undefined || period === undefined) return undefined
  const { watched, checks, plan } = rollout
  const replaced = primaryOf(readServiceView(plan.current.raw))?.runningCount ?? 0
  const tasks = await readTasksTold(rollout, period, followed)
  const record = recordTime(period, latest, { watched, checks, replaced, tasks })
  const measured = measureTimeSpent(record)
  if (measured.parts.other === measured.totalSeconds) return undefined
  if (lost || dominantPart(measured) !== 'stop') return measured
  const deregistrationDelayMs = await readDeregistrationDelayMs(rollout)
  return measureTimeSpent({ ...record, deregistrationDelayMs })
}

/** The tasks that are known, and those of which the scheduler said that it started or stopped them. */
async function readTasksTold(
  { plan, session, optional }: Rollout,
  { events }: RolloutPeriod,
  { history, running = [], lost = false }: Followed,
): Promise<readonly Task[]> {
  const known = [...history.stopped.values(), ...running]
  // Of one that was seen on its way to a stop the end is still to be had.
  const whole = known.filter(({ stopCode, times }) => stopCode === '' || times?.endedAt)
  const had = new Set(whole.map(({ arn }) => nameInArn(arn)))
  const tasks = tasksTold(events).filter((id) => !had.has(id))
  const asks = !lost && tasks.length > 0
  const answer = asks
    ? await optional.try('DescribeTasks', 'the time of the rollout is not told', () =>
        session.ecs.describeTasks(
          { cluster: plan.current.clusterArn, tasks: tasks.slice(0, mostTasks) },
          limit,
        ),
      )
    : undefined
  const all = [...known, ...readTasks(answer ?? {})]
  return [...new Map(all.map((task) => [task.arn, task])).values()]
}

/** Of the first target group. A run is not warned for this missing permission. */
async function readDeregistrationDelayMs(rollout: Rollout): Promise<number | undefined> {
  const { session, ports } = rollout
  const [group] = targetGroupsOf(rollout)
  if (group === undefined) return undefined
  try {
    const asked = () => session.targetGroups.deregistrationDelaySeconds(group)
    const seconds = await untilAborted(asked, ports.signal)
    return seconds === undefined ? undefined : seconds * 1000
  } catch (error) {
    if (!isFailedCall(error)) throw error
    ports.report.detail(`DescribeTargetGroupAttributes: ${error.code}: ${error.message}`)
    return undefined
  }
}
