import { setImmediate } from 'node:timers/promises'

import type { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** The stages' clock on the simulator's, for many who rest at once: time passes when all of them do. */
export class CrowdClock implements Clock {
  readonly #virtual: VirtualClock
  /** When somebody wakes up. */
  readonly #wakes = new Set<{ readonly atMs: number }>()

  constructor(virtual: VirtualClock) {
    this.#virtual = virtual
  }

  now(): Date {
    return new Date(this.#virtual.now())
  }

  monotonicMs(): number {
    return this.#virtual.now()
  }

  chance(): number {
    return 1
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    await new Promise<void>((resolve) => {
      const wake = { atMs: this.#virtual.now() + Math.max(0, ms) }
      this.#wakes.add(wake)
      this.#virtual.schedule(ms, () => {
        this.#wakes.delete(wake)
        resolve()
      })
    })
    signal?.throwIfAborted()
  }

  /** Lets time pass until `work`, which waits for nothing but this clock, is over. */
  async until<T>(work: Promise<T>): Promise<T> {
    const state = { isOver: false }
    const over = work.finally(() => {
      state.isOver = true
    })
    // Heard below, in its time.
    over.catch(() => undefined)
    for (;;) {
      await setImmediate()
      if (state.isOver) return await over
      const atMs = Math.min(...[...this.#wakes].map((wake) => wake.atMs))
      if (atMs === Infinity) throw new Error('nobody rests, and the work is not over')
      this.#virtual.advance(atMs - this.#virtual.now())
    }
  }
}
