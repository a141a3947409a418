const usualMs = 4_000
const restingMs = 15_000
const longestMs = 30_000
const againMs = 1_000
/** So long before a rest ends it is looked at as usual again. */
const endInSightMs = 30_000
/** Each rest is this much longer or shorter at most, so that many jobs do not ask in step. */
const spread = 0.1

/**
 * How long to rest before the next look, without spread: 4 s, while the deployment itself rests
 * 15 s; doubled for every throttled round of looks in a row up to 30 s.
 * @param restLeftMs Until a bake time or a pause is over; undefined: the deployment does not rest.
 * @param again Whether it makes up for a look that failed: after 1 s, unless ECS throttles.
 */
export function calmIntervalMs(throttled: number, restLeftMs?: number, again = false): number {
  if (again && throttled === 0) return againMs
  const calmMs = Math.min(restingMs, Math.max(usualMs, (restLeftMs ?? 0) - endInSightMs))
  return Math.min(longestMs, calmMs * 2 ** Math.min(throttled, 8))
}

/**
 * An interval ± 10 %. The spread is a function of what is looked at and the count: no chance, and yet
 * different for every deployment.
 */
export function spreadMs(calmMs: number, subject: string, look: number): number {
  return Math.round(calmMs * (1 + spread * (2 * fraction(`${subject}#${look}`) - 1)))
}

const tasksEveryLooks = 8

/**
 * Whether tasks are read at that look although nothing has failed: at every eighth, and not at the
 * same one for all deployments of a run.
 */
export function isTasksLook(deploymentId: string, look: number): boolean {
  const offset = Math.floor(tasksEveryLooks * fraction(deploymentId))
  return look > 0 && (look + offset) % tasksEveryLooks === 0
}

/** FNV-1a, mapped to [0, 1). */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return hash / 2 ** 32
}
