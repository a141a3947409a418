import type { Cancel, Clock } from './clock.ts'

/** The machine's own time. Its timers do not keep the process alive. */
export class RealClock implements Clock {
  now(): number {
    return Date.now()
  }

  schedule(delayMs: number, action: () => void): Cancel {
    const timer = setTimeout(action, delayMs)
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  }
}
