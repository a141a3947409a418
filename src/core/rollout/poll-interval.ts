const usualMs = 4_000
const longestMs = 30_000
/** Each rest is this much longer or shorter at most, so that many jobs do not ask in step. */
const spread = 0.1

/**
 * How long to rest before the next look: 4 s ± 10 %, doubled for every throttled look in a row up
 * to 30 s. The spread is a function of the deployment and the count: no chance, and yet different
 * for every deployment.
 */
export function pollIntervalMs(deploymentId: string, look: number, throttled: number): number {
  const base = Math.min(longestMs, usualMs * 2 ** Math.min(throttled, 8))
  return Math.round(base * (1 + spread * (2 * fraction(`${deploymentId}#${look}`) - 1)))
}

/** FNV-1a, mapped to [0, 1). */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return hash / 2 ** 32
}
