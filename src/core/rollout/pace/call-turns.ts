/** A token bucket of AWS: so many calls at once, and so many more in each second. */
export interface CallRate {
  readonly capacity: number
  readonly refillPerSecond: number
}

const clusterResourceRead: CallRate = { capacity: 100, refillPerSecond: 20 }
const serviceDeploymentRead: CallRate = { capacity: 50, refillPerSecond: 20 }

/**
 * AWS's buckets per account and region of the calls that a run makes once for each service (ECS
 * developer guide, "Request throttling for the Amazon ECS API"). Equal objects are one bucket.
 */
export const callRates = {
  updateService: { capacity: 50, refillPerSecond: 5 },
  describeServices: { capacity: 100, refillPerSecond: 20 },
  listServiceDeployments: serviceDeploymentRead,
  describeServiceDeployments: serviceDeploymentRead,
  describeServiceRevisions: { capacity: 50, refillPerSecond: 20 },
  listTasks: clusterResourceRead,
  describeTasks: clusterResourceRead,
} as const satisfies Readonly<Record<string, CallRate>>

/**
 * When the next call is due, and what to remember for the one after it (GCRA). A run takes at most
 * half of a full bucket at once, as others share the account, and no more than what flows back.
 * @param emptyUntilMs What the call before left behind; 0 before the first.
 */
export function nextTurn(
  { capacity, refillPerSecond }: CallRate,
  emptyUntilMs: number,
  nowMs: number,
): { readonly atMs: number; readonly emptyUntilMs: number } {
  const everyMs = 1_000 / refillPerSecond
  const burstMs = (capacity / 2 - 1) * everyMs
  const fromMs = Math.max(emptyUntilMs, nowMs)
  return { atMs: Math.max(nowMs, fromMs - burstMs), emptyUntilMs: fromMs + everyMs }
}
