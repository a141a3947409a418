export interface BreakerThreshold {
  /** `ThresholdType`: COUNT, BOUNDED_PERCENT or UNBOUNDED_PERCENT. */
  readonly type: string
  readonly value: number
}

/** BOUNDED_PERCENT is held between these. */
const bounds = { least: 3, most: 200 }

/** How many task failures end a deployment of a service that wants `desiredCount` tasks now. */
export function failureThreshold({ type, value }: BreakerThreshold, desiredCount: number): number {
  if (type === 'COUNT') return value
  const share = Math.ceil((value * desiredCount) / 100)
  if (type === 'UNBOUNDED_PERCENT') return Math.max(1, share)
  return Math.max(bounds.least, Math.min(share, bounds.most))
}

const backOff = { freeRounds: 3, firstMs: 60_000, longestMs: 1_620_000 }

/**
 * How long the scheduler waits before it replaces tasks that keep failing to start: not at all for
 * three rounds of the whole service, then a minute, doubling up to 27 minutes.
 */
export function restartDelayMs(failedStarts: number, desiredCount: number): number {
  const rounds = Math.floor(failedStarts / Math.max(1, desiredCount))
  if (rounds <= backOff.freeRounds) return 0
  return Math.min(backOff.firstMs * 2 ** (rounds - backOff.freeRounds - 1), backOff.longestMs)
}
