/** Outcomes that end the step green. */
export const successes = [
  'built',
  'pushed',
  'already-pushed',
  'planned',
  'ran',
  'registered',
  'submitted',
  'paused',
  'stage-reached',
  'traffic-shifted',
  'deployed',
  'reverted',
  'unchanged',
] as const

/** Outcomes that end the step red. */
export const failures = [
  'rolled-back',
  'rollback-failed',
  'failed',
  'superseded',
  'stopped',
  'wrong-image',
  'unknown',
  'timed-out',
  'cancelled',
  'refused',
  'skipped',
] as const

export type Success = (typeof successes)[number]
export type Failure = (typeof failures)[number]
/** What became of the run, or of one service in it. */
export type Outcome = Success | Failure

/** With several services the step's outcome is the worst one; this is the order of bad to good. */
const worstFirst: readonly Outcome[] = [
  'rollback-failed',
  'wrong-image',
  'unknown',
  'failed',
  'rolled-back',
  'stopped',
  'timed-out',
  'cancelled',
  'superseded',
  'refused',
  'skipped',
  'paused',
  'submitted',
  'stage-reached',
  'traffic-shifted',
  'reverted',
  'deployed',
  'unchanged',
]

export function isFailure(outcome: Outcome): outcome is Failure {
  return failures.some((failure) => failure === outcome)
}

/**
 * The outcome that speaks for several services.
 * @param outcomes At least one, all of them outcomes that a service can have.
 */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  const worst = worstFirst.find((candidate) => outcomes.includes(candidate))
  if (worst === undefined) throw new TypeError(`no service outcome in [${outcomes.join(', ')}]`)
  return worst
}
