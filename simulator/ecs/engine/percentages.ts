/** The fewest healthy tasks a deployment may leave: the percentage, rounded up. */
export function minimumHealthy(desiredCount: number, minimumHealthyPercent: number): number {
  return Math.ceil((desiredCount * minimumHealthyPercent) / 100)
}

/** The most tasks that may be RUNNING or PENDING during a deployment: rounded down. */
export function maximumRunning(desiredCount: number, maximumPercent: number): number {
  return Math.floor((desiredCount * maximumPercent) / 100)
}
