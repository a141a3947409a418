import { setImmediate } from 'node:timers/promises'

import type { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** Between these the simulator's own work, and connections, get their turn. */
const stepMs = 1_000

/** The stages' clock on the simulator's: to rest is to let the simulated time pass, at once. */
export class SimulatedClock implements Clock {
  readonly virtual: VirtualClock
  /** Called before each rest; a test may change the world here, or abort. */
  onRest: (nowMs: number) => void | Promise<void> = () => undefined

  constructor(virtual: VirtualClock) {
    this.virtual = virtual
  }

  now(): Date {
    return new Date(this.virtual.now())
  }

  monotonicMs(): number {
    return this.virtual.now()
  }

  /** The longest rest, unless a test says otherwise. */
  chance: () => number = () => 1

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.onRest(this.virtual.now())
    for (let left = ms; left > 0; left -= stepMs) {
      signal?.throwIfAborted()
      this.virtual.advance(Math.min(left, stepMs))
      await setImmediate()
    }
    signal?.throwIfAborted()
  }
}
