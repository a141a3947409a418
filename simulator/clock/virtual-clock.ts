import type { Cancel, Clock } from './clock.ts'

interface Appointment {
  readonly atMs: number
  readonly order: number
  readonly action: () => void
}

/** A clock that stands still until it is told to go on: hours pass in milliseconds. */
export class VirtualClock implements Clock {
  #nowMs: number
  #order = 0
  readonly #appointments = new Set<Appointment>()

  /** @param startMs The first time it tells, in milliseconds since the Unix epoch. */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  schedule(delayMs: number, action: () => void): Cancel {
    const appointment = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, action }
    this.#appointments.add(appointment)
    return () => void this.#appointments.delete(appointment)
  }

  /** Lets `ms` pass: runs what falls due, in order of time and then of scheduling. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#appointments.delete(next)
      this.#nowMs = next.atMs
      next.action()
    }
    this.#nowMs = untilMs
  }

  #next(untilMs: number): Appointment | undefined {
    let first: Appointment | undefined
    for (const appointment of this.#appointments) {
      if (appointment.atMs > untilMs) continue
      const earlier =
        first === undefined ||
        appointment.atMs < first.atMs ||
        (appointment.atMs === first.atMs && appointment.order < first.order)
      if (earlier) first = appointment
    }
    return first
  }
}
