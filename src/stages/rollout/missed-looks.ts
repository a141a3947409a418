import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import type { Rollout } from './rollout.ts'

/** Looks that fail in a row before we say that we cannot see; credentials and permissions: two. */
const mostFailures = 10
const mostRefusals = 2

/** The looks of one watch that failed since the last good one. */
export class MissedLooks {
  readonly #rollout: Rollout
  #failures = 0
  #refusals = 0
  #again = false

  constructor(rollout: Rollout) {
    this.#rollout = rollout
  }

  /** Whether the latest look was the first to fail, and another soon may do better. */
  get again(): boolean {
    return this.#again
  }

  /** After a good look. */
  forget(): void {
    this.#failures = this.#refusals = 0
    this.#again = false
  }

  /**
   * After a look that failed. Throttling is not counted: it only slows us down.
   * @returns why we cannot see any more; undefined: another look may be better.
   * @throws the signal's reason when it aborts, and what is no failure of AWS or ours.
   */
  count(error: unknown, beganAtMs: number): ActionError | undefined {
    const { ports, rounds, place } = this.#rollout
    if (!(error instanceof AwsFailure || error instanceof ActionError)) throw error
    ports.signal.throwIfAborted()
    const cause = error instanceof AwsFailure ? explainEcs(error, place) : error
    ports.report.detail(`a look failed: ${cause.message}`)
    this.#again = false
    if (error instanceof AwsFailure && error.throttled) {
      rounds.slowDown(beganAtMs)
      return undefined
    }
    this.#failures += 1
    if (isRefusal(error)) this.#refusals += 1
    this.#again = this.#failures === 1 && this.#refusals === 0
    return this.#failures >= mostFailures || this.#refusals >= mostRefusals ? cause : undefined
  }
}

/** What another look will not change: the credentials are gone, or the permission. */
function isRefusal(error: AwsFailure | ActionError): boolean {
  if (error instanceof AwsFailure) return error.credentialsGone || error.denied
  // Of the credentials, which cannot be had anew. A service that is gone is looked for longer.
  return error.code !== 'rollout-lost' && error.retry === 'never'
}
