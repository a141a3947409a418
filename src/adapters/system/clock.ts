import { performance } from 'node:perf_hooks'
import { setTimeout as rest } from 'node:timers/promises'

import type { Clock } from '../../ports/clock.ts'

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  chance: () => Math.random(),
  async sleep(ms, signal) {
    try {
      await rest(ms, undefined, { ...(signal !== undefined && { signal }) })
    } catch (error) {
      // Node wraps the reason; stages know the reason itself.
      signal?.throwIfAborted()
      throw error
    }
  },
}
