import type { History } from './history.ts'
import {
  desiredCounts,
  drainMs,
  failureSpan,
  failuresMs,
  fails,
  happens,
  healthyAfterMs,
  healthyTimes,
  failsAfterMs,
  isBlocked,
  isBlockedForGood,
  lastDesiredCount,
  quietFromMs,
  replacementMs,
  threshold,
  type Span,
} from './spans.ts'

/** What a deployment may be said to have ended as. */
export type EcsOutcome =
  'deployed' | 'rolled-back' | 'rollback-failed' | 'failed' | 'superseded' | 'stopped'

/** One way in which ECS may end the deployment, and when that is over. */
export interface Ending extends Span {
  readonly outcomes: readonly EcsOutcome[]
  /** ServiceDeployment.status in the end. */
  readonly statuses: readonly string[]
  readonly rule: string
}

/** STOP_REQUESTED and ROLLBACK_REQUESTED are allowed so long. */
const requestMs = 10_000
/** ECS begins a rollback, or calls it impossible, within this. */
const decisionMs = 90_000

interface Event extends Span {
  readonly endings: (span: Span) => readonly Ending[]
}

/**
 * The ways in which ECS may end the new deployment. What comes first decides; where two may come
 * first, both count.
 * @param noticeMs How late a watcher may see an end.
 */
export function endingsOf(history: History, noticeMs: number): readonly Ending[] {
  const events = [success(history, noticeMs), trip(history, noticeMs), superseded(history)]
    .concat(stopped(history, noticeMs))
    .filter((event) => event !== undefined)
  const latestMs = Math.min(...events.filter(({ certain }) => certain).map(({ byMs }) => byMs))
  return events
    .filter(({ fromMs }) => fromMs <= latestMs)
    .flatMap((event) => event.endings({ ...event, byMs: Math.min(event.byMs, latestMs) }))
}

const momentOf = ({ disturbances }: History, kind: 'supersede' | 'stop-deployment') =>
  disturbances.find((one) => one.kind === kind)?.atMs

/** SUCCESSFUL: all tasks of the new deployment are healthy and none of the old is left. */
function successSpan(history: History): Span | undefined {
  const { first, then } = history.tasks
  const counts = desiredCounts(history)
  const emptyFromMs = history.disturbances.find(
    (one) => one.kind === 'scale' && one.desiredCount === 0,
  )?.atMs
  const canBeHealthy = then.kind === 'healthy' && !isBlockedForGood(history)
  if (!canBeHealthy && !counts.includes(0)) return undefined
  const replaced = history.service.predecessor === 'completed' && history.service.desiredCount > 0
  const soonestMs = Math.max(healthyTimes(history).leastMs, replaced ? drainMs(history) : 0)
  const emptyMs = history.service.desiredCount === 0 ? 0 : (emptyFromMs ?? Infinity)
  const longestMs = Math.max(
    ...counts.map((count) => replacementMs(history, count, healthyTimes(history).mostMs)),
  )
  const last = lastDesiredCount(history)
  return {
    fromMs: Math.min(canBeHealthy ? soonestMs : Infinity, emptyMs),
    byMs: quietFromMs(history) + longestMs + failuresMs(history, first.filter(fails).length),
    certain: last === 0 || (then.kind === 'healthy' && !isBlocked(history, last)),
  }
}

function success(history: History, noticeMs: number): Event | undefined {
  const span = successSpan(history)
  if (span === undefined) return undefined
  const atMs = momentOf(history, 'supersede') ?? Infinity
  const late = atMs >= span.fromMs && atMs <= span.byMs + noticeMs
  const rule = 'SUCCESSFUL, then a newer deployment took its place'
  return {
    ...span,
    endings: (own) => [
      { ...own, outcomes: ['deployed'], statuses: ['SUCCESSFUL'], rule: 'SUCCESSFUL' },
      ...(late ? [{ ...at(atMs), outcomes: bySuperseding, statuses: ['SUCCESSFUL'], rule }] : []),
    ],
  }
}

const bySuperseding: readonly EcsOutcome[] = ['superseded']

function at(atMs: number): Span {
  return { fromMs: atMs, byMs: atMs + requestMs, certain: true }
}

/** The circuit breaker trips at its threshold of failures in a row. */
function trip(history: History, noticeMs: number): Event | undefined {
  const { breaker } = history.service
  if (breaker === undefined) return undefined
  // Whether the threshold follows the desired count is not documented: any of them may hold.
  const limits = desiredCounts(history).map((count) => threshold(breaker, count))
  const [least, most] = [Math.min(...limits), Math.max(...limits)]
  const span = failureSpan(history, fails, { least, most })
  if (span === undefined) return undefined
  const certain = tripsForCertain(history, most)
  return {
    ...span,
    certain,
    endings: (own) => {
      const landings = landing(history, own, breaker.rollback)
      return [
        ...landings,
        ...replacedMeanwhile(history, landings, ['superseded', 'failed'], noticeMs),
      ]
    },
  }
}

/** Failures that are surely counted, with no healthy task in between that sets the count back. */
function tripsForCertain(history: History, limit: number): boolean {
  const { first, then } = history.tasks
  const last = lastDesiredCount(history)
  if (desiredCounts(history).includes(0) || isBlocked(history, last)) return false
  if (fails(then)) return true
  const untouched = !happens(history, 'scale') && !happens(history, 'stop-task')
  if (!untouched || !first.every(fails) || first.length < limit) return false
  const longestMs = Math.max(...first.map(failsAfterMs))
  const resets = history.service.breaker?.resetOnHealthyTask === true
  return !resets || longestMs + requestMs < healthyTimes(history).leastMs
}

/** Where a deployment ends that ECS gives up, or is told to. */
function landing(history: History, begun: Span, rollback: boolean): readonly Ending[] {
  if (!rollback) {
    const span = { ...begun, byMs: begun.byMs + decisionMs }
    return [{ ...span, outcomes: ['failed'], statuses: ['STOPPED'], rule: 'failed, no rollback' }]
  }
  if (history.service.predecessor === 'none') {
    const span = { ...begun, byMs: begun.byMs + decisionMs }
    const statuses = ['ROLLBACK_FAILED', 'STOPPED']
    const rule = 'nothing to roll back to'
    return [{ ...span, outcomes: ['rollback-failed', 'failed'], statuses, rule }]
  }
  const span = { ...begun, byMs: rolledBackByMs(history, begun) }
  return [
    { ...span, outcomes: ['rolled-back'], statuses: ['ROLLBACK_SUCCESSFUL'], rule: 'rolled back' },
  ]
}

function rolledBackByMs(history: History, begun: Span): number {
  if (isBlocked(history, lastDesiredCount(history))) return Infinity
  const oldMs = healthyAfterMs(history, 1_000, 3_000)
  const longestMs = Math.max(
    ...desiredCounts(history).map((count) => replacementMs(history, count, oldMs)),
  )
  return Math.max(begun.byMs, quietFromMs(history)) + requestMs + longestMs
}

/** Somebody's newer deployment may come before the landing is over, or is seen. */
function replacedMeanwhile(
  history: History,
  landings: readonly Ending[],
  names: readonly EcsOutcome[],
  noticeMs: number,
): readonly Ending[] {
  const atMs = momentOf(history, 'supersede') ?? Infinity
  const meanwhile = landings.some(({ fromMs, byMs }) => atMs >= fromMs && atMs <= byMs + noticeMs)
  if (!meanwhile) return []
  const rule = 'a newer deployment came into its failure'
  return [{ ...at(atMs), outcomes: names, statuses: [], rule }]
}

function superseded(history: History): Event | undefined {
  const atMs = momentOf(history, 'supersede')
  if (atMs === undefined) return undefined
  const rule = 'a newer deployment took over'
  return {
    ...{ fromMs: atMs, byMs: atMs, certain: true },
    endings: () => [{ ...at(atMs), outcomes: bySuperseding, statuses: ['STOPPED'], rule }],
  }
}

/** ROLLBACK_REQUESTED "may still become SUCCESSFUL" (API reference, ServiceDeployment.status). */
function stopped(history: History, noticeMs: number): Event | undefined {
  const atMs = momentOf(history, 'stop-deployment')
  if (atMs === undefined) return undefined
  return {
    ...at(atMs),
    endings: (own) => {
      const landings = landing(history, own, true)
      return [
        ...landings,
        ...replacedMeanwhile(history, landings, ['superseded', 'stopped'], noticeMs),
      ]
    },
  }
}
