import type { History } from './history.ts'
import {
  bakeTimes,
  desiredCounts,
  drainMs,
  failureSpan,
  failuresMs,
  fails,
  healthyAfterMs,
  healthyTimes,
  failsAfterMs,
  isBlocked,
  isBlockedForGood,
  isTouched,
  lastDesiredCount,
  quietFromMs,
  replacementMs,
  targetFailures,
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
/** An alarm is noticed within this. */
const alarmNoticedMs = 60_000

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
    .concat(alarmed(history, noticeMs), stopped(history, noticeMs))
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
  const drainedMs = replaced ? drainMs(history) : 0
  const { leastMs } = healthyTimes(history)
  const bake = bakeTimes(history)
  // With early success the bake begins while the old tasks drain.
  const soonestMs =
    history.service.earlySuccess === undefined
      ? Math.max(leastMs, drainedMs) + bake.leastMs
      : Math.max(leastMs + bake.leastMs, drainedMs)
  const emptyMs = history.service.desiredCount === 0 ? 0 : (emptyFromMs ?? Infinity)
  const longestMs = Math.max(
    ...counts.map((count) => replacementMs(history, count, healthyTimes(history).mostMs)),
  )
  const last = lastDesiredCount(history)
  const failures = first.filter(fails).length + targetFailures(history).count
  return {
    fromMs: Math.min(canBeHealthy ? soonestMs : Infinity, emptyMs + bake.leastMs),
    byMs: quietFromMs(history) + longestMs + failuresMs(history, failures) + bake.mostMs,
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
    endings: (own) => failed(history, own, breaker.rollback, noticeMs),
  }
}

/** The deployment's alarm goes off; one that was in ALARM before is not watched. */
function alarmed(history: History, noticeMs: number): Event | undefined {
  const { alarms } = history.service
  const atMs = history.disturbances.find((one) => one.kind === 'alarm' && one.watched)?.atMs
  if (alarms === undefined || alarms.inAlarmBefore || atMs === undefined) return undefined
  return {
    ...{ fromMs: atMs, byMs: atMs + alarmNoticedMs, certain: true },
    endings: (own) => failed(history, own, alarms.rollback, noticeMs),
  }
}

function failed(
  history: History,
  own: Span,
  rollback: boolean,
  noticeMs: number,
): readonly Ending[] {
  const landings = landing(history, own, rollback)
  return [...landings, ...replacedMeanwhile(history, landings, ['superseded', 'failed'], noticeMs)]
}

/** Failures that are surely counted, with no healthy task in between that sets the count back. */
function tripsForCertain(history: History, limit: number): boolean {
  const { first, then } = history.tasks
  const last = lastDesiredCount(history)
  if (desiredCounts(history).includes(0) || isBlocked(history, last)) return false
  if (fails(then)) return true
  if (isTouched(history) || !first.every(fails) || first.length < limit) return false
  const longestMs = Math.max(...first.map(failsAfterMs))
  const { breaker, earlySuccess } = history.service
  const needsAll = breaker?.resetOnHealthyTask === false && earlySuccess === undefined
  return needsAll || longestMs + requestMs < healthyTimes(history).leastMs
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
  const statuses = ['ROLLBACK_SUCCESSFUL']
  const rolledBack: Ending = { ...span, outcomes: ['rolled-back'], statuses, rule: 'rolled back' }
  return [rolledBack, ...failedRollback(history, span)]
}

/** The circuit breaker judges the rollback, too: targets of the old tasks may fail meanwhile. */
function failedRollback(history: History, span: Span): readonly Ending[] {
  const { breaker } = history.service
  if (breaker === undefined) return []
  const least = Math.min(...desiredCounts(history).map((count) => threshold(breaker, count)))
  if (targetFailures(history, span.fromMs).count < least) return []
  const rule = 'targets failed in the rollback'
  return [{ ...span, outcomes: ['rollback-failed'], statuses: ['ROLLBACK_FAILED'], rule }]
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
