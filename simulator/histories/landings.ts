import type { Ending } from './ending.ts'
import type { History } from './history.ts'
import { hooksOnTheWayBack } from './passage.ts'
import {
  desiredCounts,
  healthyAfterMs,
  isBlocked,
  lastDesiredCount,
  quietFromMs,
  replacementMs,
  targetFailures,
  threshold,
  type Span,
} from './spans.ts'

/** STOP_REQUESTED and ROLLBACK_REQUESTED are allowed so long. */
export const requestMs = 10_000
/** ECS begins a rollback, or calls it impossible, within this. */
const decisionMs = 90_000
/** Traffic shifts back within this, both kinds of it. */
const shiftsBackMs = 20_000

/** Where a deployment ends that ECS gives up, or is told to. */
export function landings(history: History, begun: Span, rollback: boolean): readonly Ending[] {
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

/**
 * The circuit breaker judges the rollback, too: targets of the old tasks may fail meanwhile. So may
 * a hook of the traffic shifts, which runs once more.
 */
function failedRollback(history: History, span: Span): readonly Ending[] {
  const { breaker } = history.service
  if (hooksOnTheWayBack(history).mayFail) {
    const rule = 'a hook failed in the rollback'
    return [{ ...span, outcomes: ['rollback-failed'], statuses: ['ROLLBACK_FAILED'], rule }]
  }
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
  const shiftsMs = history.service.staged === undefined ? 0 : shiftsBackMs
  const hooksMs = hooksOnTheWayBack(history).mostMs
  return Math.max(begun.byMs, quietFromMs(history)) + requestMs + longestMs + shiftsMs + hooksMs
}
