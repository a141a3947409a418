import { setTimeout as rest } from 'node:timers/promises'

/** How often another process is looked at, and how long at most. */
const intervalMs = 10
const patienceMs = 20_000

/**
 * Waits for what another process does: looks until there is something to see.
 * @throws Error where there is nothing for a long time.
 */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const patience = AbortSignal.timeout(patienceMs)
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    patience.throwIfAborted()
    await rest(intervalMs)
  }
}
