import { maximumRunning, minimumHealthy } from './percentages.ts'

/** How a service stands in the middle of a deployment. Tasks told to stop are not counted. */
export interface Standing {
  readonly desiredCount: number
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  /** Tasks of the deployment that is rolled out: all of them, and the healthy ones. */
  readonly fresh: number
  readonly freshHealthy: number
  /** Tasks of the deployments that it replaces. */
  readonly staleHealthy: number
  readonly staleUnhealthy: number
  /** False while the scheduler waits before it replaces tasks that keep failing. */
  readonly mayStart: boolean
}

/** What the scheduler does next. */
export interface Batch {
  readonly start: number
  readonly stopStaleUnhealthy: number
  readonly stopStaleHealthy: number
  readonly stopFresh: number
  /** The two percentages leave no room to start and none to stop. */
  readonly deadlocked: boolean
}

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(value, high))

/**
 * The next batch of a rolling update. New tasks start as far as maximumPercent allows; old ones
 * stop when healthy new ones replace them, or to make room, and never so many that fewer than
 * minimumHealthyPercent stay healthy. Unhealthy old tasks hold nothing up and stop at once.
 */
export function nextBatch(standing: Standing): Batch {
  const { desiredCount, fresh, freshHealthy, staleHealthy, staleUnhealthy } = standing
  const maximum = maximumRunning(desiredCount, standing.maximumPercent)
  const minimum = minimumHealthy(desiredCount, standing.minimumHealthyPercent)
  const missing = Math.max(0, desiredCount - fresh)
  const room = clamp(maximum - fresh - staleHealthy, 0, missing)
  const replaced = freshHealthy + staleHealthy - desiredCount
  const spare = clamp(freshHealthy + staleHealthy - minimum, 0, staleHealthy)
  const stopStaleHealthy = clamp(Math.max(replaced, missing - room), 0, spare)
  const settling = fresh > freshHealthy
  return {
    start: standing.mayStart ? room : 0,
    stopStaleUnhealthy: staleUnhealthy,
    stopStaleHealthy,
    stopFresh: Math.max(0, fresh - desiredCount),
    deadlocked: missing > 0 && room === 0 && stopStaleHealthy === 0 && !settling,
  }
}
