import { setImmediate } from 'node:timers/promises'

import type { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import type { Clock } from '../../src/ports/clock.ts'

interface Appointment {
  readonly atMs: number
  readonly step: () => Promise<void>
}

/** The stages' clock on the simulator's, with an agenda: what is on it happens at its very moment. */
export class HistoryClock implements Clock {
  readonly #virtual: VirtualClock
  readonly #overHttp: boolean
  #agenda: Appointment[] = []

  /** @param overHttp Connections get their turn whenever time passes. */
  constructor(virtual: VirtualClock, overHttp: boolean) {
    this.#virtual = virtual
    this.#overHttp = overHttp
  }

  now(): Date {
    return new Date(this.#virtual.now())
  }

  monotonicMs(): number {
    return this.#virtual.now()
  }

  after(ms: number, step: () => Promise<void>): void {
    this.#agenda.push({ atMs: this.#virtual.now() + ms, step })
    this.#agenda.sort((a, b) => a.atMs - b.atMs)
  }

  chance(): number {
    return 1
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const untilMs = this.#virtual.now() + ms
    signal?.throwIfAborted()
    for (;;) {
      const [next] = this.#agenda
      if (next === undefined || next.atMs > untilMs) break
      this.#agenda = this.#agenda.slice(1)
      this.#virtual.advance(next.atMs - this.#virtual.now())
      await next.step()
      signal?.throwIfAborted()
    }
    this.#virtual.advance(untilMs - this.#virtual.now())
    await (this.#overHttp ? setImmediate() : Promise.resolve())
    signal?.throwIfAborted()
  }
}
