import { calmIntervalMs, spreadMs } from '../../core/rollout/pace/poll-interval.ts'
import { atEase, ease, slowDown, type Slowness } from '../../core/rollout/pace/slowness.ts'
import type { Clock } from '../../ports/clock.ts'

/** What somebody who watches something wishes for the next look at it. */
export interface RestWish {
  /** An id or ARN of what is looked at. */
  readonly subject: string
  /** Of so many looks this rest is the last. */
  readonly look: number
  /** Whether that one failed, and may soon be made up for. */
  readonly again: boolean
  /** Until a bake time or a pause is over; undefined: the deployment does not rest. */
  readonly restLeftMs: number | undefined
  /** The rest is never longer: a deadline comes. */
  readonly mostMs: number
}

interface Round {
  readonly atMs: number
  readonly begun: Promise<void>
}

/**
 * The pace of the looks of a run. Who rests at about the same time looks at the same moment, so that
 * the looks can be asked in one call; and one service that ECS throttles slows down all.
 */
export class Rounds {
  readonly #clock: Clock
  #planned: readonly Round[] = []
  #slowness: Slowness = atEase

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Rests until a look is due. @throws the signal's reason when it aborts. */
  async rest(wish: RestWish, signal: AbortSignal): Promise<void> {
    const { subject, look, again, restLeftMs, mostMs } = wish
    const nowMs = this.#clock.monotonicMs()
    this.#planned = this.#planned.filter(({ atMs }) => atMs > nowMs)
    const calmMs = calmIntervalMs(this.#slowness.level, restLeftMs, again)
    // Once as early as half the rest; from then on those who met stay together.
    const met = this.#planned.find(
      ({ atMs }) => atMs >= nowMs + calmMs / 2 && atMs <= nowMs + Math.min(1.1 * calmMs, mostMs),
    )
    const ownMs = Math.min(mostMs, spreadMs(calmMs, subject, look))
    const next = met ?? { atMs: nowMs + ownMs, begun: this.#clock.sleep(ownMs, signal) }
    if (met === undefined) this.#planned = [...this.#planned, next]
    await next.begun
  }

  /** @param beganAtMs When the look began that was throttled. */
  slowDown(beganAtMs: number): void {
    this.#slowness = slowDown(this.#slowness, beganAtMs, this.#clock.monotonicMs())
  }

  /** @param beganAtMs When the look began that was answered. */
  ease(beganAtMs: number): void {
    this.#slowness = ease(this.#slowness, beganAtMs, this.#clock.monotonicMs())
  }
}
