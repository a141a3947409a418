import type { History } from './history.ts'
import { passageOf, type Place } from './passage.ts'
import {
  bakeTimes,
  desiredCounts,
  drainMs,
  failuresMs,
  fails,
  healthyTimes,
  isBlocked,
  isBlockedForGood,
  lastDesiredCount,
  quietFromMs,
  replacementMs,
  targetFailures,
  type Span,
} from './spans.ts'

/** SUCCESSFUL: undefined where it cannot come to that. */
export function successSpan(history: History): Span | undefined {
  const passage = passageOf(history)
  if (passage === undefined) return rolledOut(history)
  if (passage.turn !== undefined) return undefined
  const baked = reaching(history, { ...passage.after, scaledUp: true })
  return baked && { ...baked, fromMs: baked.fromMs + oldDrainMs(history) }
}

/** When a staged deployment comes to a place on its way; undefined where it never does. */
export function reaching(history: History, place: Place): Span | undefined {
  if (!place.scaledUp)
    return { fromMs: place.leastMs, byMs: place.mostMs + beginsMs, certain: true }
  const scaled = scaledUp(history)
  return (
    scaled && {
      ...scaled,
      fromMs: scaled.fromMs + place.leastMs,
      byMs: scaled.byMs + place.mostMs,
    }
  )
}

/** A deployment is PENDING for so long. */
const beginsMs = 10_000

/** SCALE_UP is over: all the new tasks are healthy. */
function scaledUp(history: History): Span | undefined {
  const limits = limitsOf(history)
  const { before } = passageOf(history) ?? { before: { leastMs: 0, mostMs: 0 } }
  if (limits === undefined) return undefined
  const { healthyFromMs, emptyFromMs, longestMs, failingMs, certain } = limits
  return {
    fromMs: Math.min(before.leastMs + healthyFromMs, Math.max(before.leastMs, emptyFromMs)),
    byMs: Math.max(quietFromMs(history), before.mostMs) + longestMs + failingMs,
    certain,
  }
}

/** All tasks of a rolling deployment are healthy, none of the old is left, and it has baked. */
function rolledOut(history: History): Span | undefined {
  const limits = limitsOf(history)
  if (limits === undefined) return undefined
  const { healthyFromMs, emptyFromMs, longestMs, failingMs, certain } = limits
  const drainedMs = oldDrainMs(history)
  const bake = bakeTimes(history)
  // With early success the bake begins while the old tasks drain.
  const soonestMs =
    history.service.earlySuccess === undefined
      ? Math.max(healthyFromMs, drainedMs) + bake.leastMs
      : Math.max(healthyFromMs + bake.leastMs, drainedMs)
  return {
    fromMs: Math.min(soonestMs, emptyFromMs + bake.leastMs),
    byMs: quietFromMs(history) + longestMs + failingMs + bake.mostMs,
    certain,
  }
}

export function oldDrainMs(history: History): number {
  const { predecessor, desiredCount } = history.service
  return predecessor === 'completed' && desiredCount > 0 ? drainMs(history) : 0
}

/** How soon all new tasks may be healthy, or none be wanted, and how long that may take. */
function limitsOf(history: History) {
  const { first, then } = history.tasks
  const counts = desiredCounts(history)
  const canBeHealthy = then.kind === 'healthy' && !isBlockedForGood(history)
  if (!canBeHealthy && !counts.includes(0)) return undefined
  const emptied = history.disturbances.find((one) => one.kind === 'scale' && one.desiredCount === 0)
  const { leastMs, mostMs } = healthyTimes(history)
  const last = lastDesiredCount(history)
  const failures = first.filter(fails).length + targetFailures(history).count
  return {
    healthyFromMs: canBeHealthy ? leastMs : Infinity,
    emptyFromMs: history.service.desiredCount === 0 ? 0 : (emptied?.atMs ?? Infinity),
    longestMs: Math.max(...counts.map((count) => replacementMs(history, count, mostMs))),
    failingMs: failuresMs(history, failures),
    certain: last === 0 || (then.kind === 'healthy' && !isBlocked(history, last)),
  }
}
