/** Takes back an action that was scheduled; does nothing once the action has run. */
export type Cancel = () => void

/**
 * The simulator's only source of time. Everything that happens later is scheduled here, so that
 * the same engine runs in real time for a demo and in virtual time for a test.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Runs `action` once, `delayMs` from now; never before the call returns, even for a delay of 0. */
  schedule(delayMs: number, action: () => void): Cancel
}
