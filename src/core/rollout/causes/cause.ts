/** A known reason for which tasks stop. */
export interface Cause {
  /** Stable; two tasks with the same deterministic cause failed for the same reason. */
  readonly id: string
  /** One sentence for people, without a full stop. */
  readonly sentence: string
  readonly remedy: string
  /** Whether every further task will fail in the same way. */
  readonly deterministic: boolean
}

export interface KnownCause extends Cause {
  readonly pattern: RegExp
}

/** A cause that time does not heal. */
export function certain(id: string, pattern: RegExp, sentence: string, remedy: string): KnownCause {
  return { id, pattern, sentence, remedy, deterministic: true }
}

/** A cause that may pass, or that may hit one task and spare the next. */
export function passing(id: string, pattern: RegExp, sentence: string, remedy: string): KnownCause {
  return { id, pattern, sentence, remedy, deterministic: false }
}
