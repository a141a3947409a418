import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
import type { EcsPlace } from '../../core/faults/ecs-fault.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Rounds } from './rounds.ts'

/** Looks that fail in a row before we say that we cannot see; credentials and permissions: two. */
const mostFailures = 10
const mostRefusals = 2

/** What is looked at, and who is told of looks that fail. */
export interface Looking {
  readonly place: EcsPlace
  readonly ports: Pick<Ports, 'report' | 'signal'>
  /** Slow down for a throttled look, and ease after a good one. */
  readonly rounds: Rounds
}

/** The looks of one wait, for a deployment or for a task, that failed since the last good one. */
export class MissedLooks {
  readonly #looking: Looking
  #failures = 0
  #refusals = 0
  #again = false
  #throttled = false
  #latest: ActionError | undefined

  constructor(looking: Looking) {
    this.#looking = looking
  }

  /** Whether the latest look was the first to fail, and another soon may do better. */
  get again(): boolean {
    return this.#again
  }

  /** Whether the latest look was throttled. */
  get throttled(): boolean {
    return this.#throttled
  }

  /** Why the latest look failed; undefined: it was good. */
  get latest(): ActionError | undefined {
    return this.#latest
  }

  /** After a good look. @param beganAtMs When it began. */
  forget(beganAtMs: number): void {
    this.#looking.rounds.ease(beganAtMs)
    this.#failures = this.#refusals = 0
    this.#again = this.#throttled = false
    this.#latest = undefined
  }

  /**
   * After a look that failed. Throttling is not counted: it only slows us down.
   * @returns why we cannot see any more; undefined: another look may be better.
   * @throws the signal's reason when it aborts, and what is no failure of AWS or ours.
   */
  count(error: unknown, beganAtMs: number): ActionError | undefined {
    const { ports, rounds, place } = this.#looking
    if (!isFailedCall(error)) throw error
    ports.signal.throwIfAborted()
    const cause = error instanceof AwsFailure ? explainEcs(error, place) : error
    const failure = cause.cause instanceof AwsFailure ? cause.cause : undefined
    ports.report.detail(`a look failed: ${cause.message}`)
    this.#latest = cause
    this.#again = false
    this.#throttled = failure?.throttled === true
    if (this.#throttled) {
      rounds.slowDown(beganAtMs)
      return undefined
    }
    this.#failures += 1
    if (isRefusal(cause, failure)) this.#refusals += 1
    this.#again = this.#failures === 1 && this.#refusals === 0
    return this.#failures >= mostFailures || this.#refusals >= mostRefusals ? cause : undefined
  }
}

/** What another look will not change: the credentials are gone, or the permission. */
function isRefusal(cause: ActionError, failure: AwsFailure | undefined): boolean {
  if (failure !== undefined) return failure.credentialsGone || failure.denied
  // Of the credentials, which cannot be had anew. A service that is gone is looked for longer.
  return cause.code !== 'rollout-lost' && cause.retry === 'never'
}
