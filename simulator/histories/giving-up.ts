import type { History, NewTask } from './history.ts'
import { seenBy, sightMs, tasksMs } from './looks.ts'
import { passageOf } from './passage.ts'
import {
  desiredCounts,
  failsAfterMs,
  failureSpan,
  isBlocked,
  isTouched,
  lastDesiredCount,
  type Span,
} from './spans.ts'
import { reaching } from './success-span.ts'

/** Tasks of one batch start within this. */
const lateMs = 5_000
/** RUNNING for so long is healthy where nothing checks. */
const healthyForMs = 30_000

const crashes = ({ kind }: NewTask): boolean =>
  kind === 'crashes' || kind === 'unhealthy' || kind === 'refused-by-load-balancer'

/**
 * When the watcher gives up: at the second task that no retry can start, or at so many crashes with
 * no healthy task in between. Undefined where circuit breaker or alarms judge, and where it cannot
 * come to that.
 */
export function givingUp(history: History): Span | undefined {
  const { service, run, tasks } = history
  const limit = tasks.then.kind === 'unpullable' ? 2 : run.maxTaskFailures
  const counts = tasks.then.kind === 'unpullable' ? isUnpullable : crashes
  const judged = service.breaker !== undefined || service.alarms !== undefined
  if (judged || run.maxTaskFailures === 0) return undefined
  const span = failureSpan(history, counts, { least: limit, most: limit })
  if (span === undefined || isAccompanied(history, counts, limit)) return undefined
  const byMs = seenBy(history, span.byMs) + tasksMs(history)
  // Once ECS rolls it back on somebody's word, there is nothing to give up.
  const stoppedMs = history.disturbances.find(({ kind }) => kind === 'stop-deployment')?.atMs
  const turnMs = turnFromMs(history)
  const first = byMs < Math.min(stoppedMs ?? Infinity, turnMs)
  return { ...span, byMs, certain: first && givesUpForCertain(history, counts, limit) }
}

function turnFromMs(history: History): number {
  const turn = passageOf(history)?.turn
  return (turn && reaching(history, turn)?.fromMs) ?? Infinity
}

/** A healthy task runs beside all that fail, but for fewer than `limit` before it was healthy. */
function isAccompanied(
  history: History,
  counts: (task: NewTask) => boolean,
  limit: number,
): boolean {
  const { service, tasks } = history
  const [companion, ...others] = tasks.first
  // Whether targets are healthy a watcher cannot see.
  if (companion?.kind !== 'healthy' || isTouched(history)) return false
  if (service.loadBalancer !== undefined) return false
  const healthyMs = companion.startsAfterMs + leastHealthyMs(history, companion.healthyAfterMs)
  const soonestMs = Math.min(...[...others, tasks.then].filter(counts).map(failsAfterMs))
  const before = Math.ceil((healthyMs + lateMs) / soonestMs) * (service.desiredCount - 1)
  return service.desiredCount > 1 && before < limit
}

const isUnpullable = ({ kind }: NewTask): boolean => kind === 'unpullable'

function givesUpForCertain(
  history: History,
  counts: (task: NewTask) => boolean,
  limit: number,
): boolean {
  const { first, then } = history.tasks
  if (desiredCounts(history).includes(0) || isBlocked(history, lastDesiredCount(history))) {
    return false
  }
  if ([...first, then].some((task) => isLong(history, task))) return false
  if (counts(then)) return first.every(({ kind }) => kind !== 'healthy')
  if (isTouched(history) || !first.every(counts) || first.length < limit) return false
  if (then.kind !== 'healthy') return true
  return (
    Math.max(...first.map(failsAfterMs)) + sightMs(history) + tasksMs(history) <
    then.startsAfterMs + leastHealthyMs(history, then.healthyAfterMs)
  )
}

/** From RUNNING until a watcher may call it healthy. */
function leastHealthyMs({ service }: History, checkMs: number): number {
  const { healthCheck, loadBalancer } = service
  if (!healthCheck && loadBalancer === undefined) return healthyForMs
  return Math.max(healthCheck ? checkMs : 0, loadBalancer?.healthyAfterMs ?? 0)
}

/** It ran long enough to count as healthy, for all that can be known. */
function isLong({ service }: History, task: NewTask): boolean {
  const checked = service.healthCheck || service.loadBalancer !== undefined
  return !checked && task.kind === 'crashes' && task.afterMs >= healthyForMs
}
