/** The only source of time of the stages, and of the chance that spreads their rests. */
export interface Clock {
  /** The wall clock: for labels, never for measuring. */
  now(): Date
  /** Milliseconds on a clock that never goes backwards: for deadlines and durations. */
  monotonicMs(): number
  /** Rests. @throws the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A number from 0 to 1, another one each time. */
  chance(): number
}
