/** From when to when something went on, on the clock that never goes backwards. */
export interface Stretch {
  readonly startMs: number
  readonly endMs: number
}

/**
 * The seconds, to the millisecond, that passed in any of the stretches: those side by side count
 * once, so that what several services do together is as long as it took.
 */
export function secondsCovered(stretches: readonly Stretch[]): number {
  let coveredMs = 0
  let untilMs = -Infinity
  for (const { startMs, endMs } of stretches.toSorted((a, b) => a.startMs - b.startMs)) {
    coveredMs += Math.max(0, endMs - Math.max(startMs, untilMs))
    untilMs = Math.max(untilMs, endMs)
  }
  return Math.round(coveredMs) / 1000
}
