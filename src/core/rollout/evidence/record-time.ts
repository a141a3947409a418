import type { Observation } from '../observation/observation.ts'
import { findStage, isAtOrPast } from '../observation/stage.ts'
import type { Task } from '../observation/stopped-tasks.ts'
import type { HealthChecks } from '../verdict/fail-fast.ts'
import type { Watched } from '../verdict/watch.ts'
import { lastTold, type RolloutPeriod } from './rollout-period.ts'
import type { RolloutRecord } from './time-spans.ts'
import { stopsTold } from './told-times.ts'

/** What is known beside the period of a rollout. */
export interface Known {
  readonly watched: Watched
  readonly checks: HealthChecks
  /** How many tasks ran before it. */
  readonly replaced: number
  /** Of the service, whichever deployment started them. */
  readonly tasks: readonly Task[]
}

/** Gathers what AWS told of a rollout; its deregistration delay is to be asked for. */
export function recordTime(
  period: RolloutPeriod,
  latest: Observation,
  { watched, checks, replaced, tasks }: Known,
): RolloutRecord {
  const { deploymentId } = watched
  const { beganAt, end, rollbackBeganAt, events } = period
  const shift = latest.record?.shift
  const staged = shift === undefined ? false : shift.strategy !== 'ROLLING'
  const bakes = staged || watched.guards.alarms
  return {
    ...{ beganAt, end, rollbackBeganAt },
    endedAt: period.endedAt ?? lastTold(period, latest, deploymentId, tasks),
    newTasks: tasks.filter(({ startedBy }) => startedBy === deploymentId),
    oldTasks: tasks.filter(({ startedBy }) => startedBy !== deploymentId),
    stopsToldAt: stopsTold(events),
    deregistrationDelayMs: undefined,
    bakeMs: bakes ? (shift?.bakeMs ?? 0) : 0,
    bakesBeforeStops: staged,
    bakesAfterStops: watched.guards.alarms && !watched.staged ? replaced : undefined,
    awaitsHealth: isHealthAwaited(watched, latest) ? checks : undefined,
  }
}

/** In a staged deployment other things hold it up once all new tasks are there. */
function isHealthAwaited({ staged }: Watched, { record }: Observation): boolean {
  if (!staged) return true
  const stage = findStage(record?.lifecycleStage)
  return stage !== undefined && record?.rollingBack === false && !isAtOrPast(stage, 'POST_SCALE_UP')
}
