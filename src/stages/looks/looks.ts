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
  /** An id or ARN of it: looks at different things are spread. */
  readonly subject: string
  readonly place: EcsPlace
  readonly ports: Pick<Ports, 'clock' | 'report' | 'signal'>
  /** The pace, of all looks of the run. */
  readonly rounds: Rounds
}

/** What came of one look. */
export type Taken<Seen> =
  | { readonly kind: 'seen'; readonly seen: Seen }
  /** It failed, and shows nothing; another may do better. */
  | { readonly kind: 'missed'; readonly why: ActionError }
  /** Too many have failed: we cannot see any more. */
  | { readonly kind: 'lost'; readonly cause: ActionError }

/** The looks of one wait at a service or a task: how they fare, and when the next is due. */
export class Looks {
  readonly #looking: Looking
  #number = -1
  #failures = 0
  #refusals = 0
  #again = false
  #throttled = false

  constructor(looking: Looking) {
    this.#looking = looking
  }

  /** Whether the latest look was throttled. */
  get throttled(): boolean {
    return this.#throttled
  }

  /**
   * Looks once.
   * @param look Is given the number of the look, 0 for the first.
   * @throws the signal's reason when it aborts, and what is no failure of AWS or ours.
   */
  async take<Seen>(look: (number: number) => Promise<Seen>): Promise<Taken<Seen>> {
    const { ports, rounds } = this.#looking
    const beganAtMs = ports.clock.monotonicMs()
    this.#number += 1
    try {
      const seen = await look(this.#number)
      rounds.ease(beganAtMs)
      this.#failures = this.#refusals = 0
      this.#again = this.#throttled = false
      return { kind: 'seen', seen }
    } catch (error) {
      if (!isFailedCall(error)) throw error
      ports.signal.throwIfAborted()
      return this.#count(error, beganAtMs)
    }
  }

  /**
   * Rests until the next look is due, which comes soon where the latest was the first to fail.
   * @param mostMs The rest is never longer: a deadline comes.
   * @param about `again`: something else failed that may soon be made up for; `restLeftMs`: until
   * the deployment moves again, where it rests.
   * @throws the signal's reason when it aborts.
   */
  async rest(
    mostMs: number,
    about: { readonly again?: boolean; readonly restLeftMs?: number | undefined } = {},
  ): Promise<void> {
    const { subject, rounds, ports } = this.#looking
    const again = this.#again || about.again === true
    const wish = { subject, look: this.#number, again, restLeftMs: about.restLeftMs, mostMs }
    await rounds.rest(wish, ports.signal)
  }

  /** Throttling is not counted: it only slows us down. */
  #count(error: AwsFailure | ActionError, beganAtMs: number): Taken<never> {
    const { ports, rounds, place } = this.#looking
    const why = error instanceof AwsFailure ? explainEcs(error, place) : error
    const failure = why.cause instanceof AwsFailure ? why.cause : undefined
    ports.report.detail(`a look failed: ${why.message}`)
    this.#again = false
    this.#throttled = failure?.throttled === true
    if (this.#throttled) {
      rounds.slowDown(beganAtMs)
      return { kind: 'missed', why }
    }
    this.#failures += 1
    if (isRefusal(why, failure)) this.#refusals += 1
    this.#again = this.#failures === 1 && this.#refusals === 0
    const isLost = this.#failures >= mostFailures || this.#refusals >= mostRefusals
    return isLost ? { kind: 'lost', cause: why } : { kind: 'missed', why }
  }
}

/** What another look will not change: the credentials are gone, or the permission. */
function isRefusal(why: ActionError, failure: AwsFailure | undefined): boolean {
  if (failure !== undefined) return failure.credentialsGone || failure.denied
  // Of the credentials, which cannot be had anew. A service that is gone is looked for longer.
  const isGone = why.code === 'rollout-lost' || why.code === 'service-not-found'
  return !isGone && why.retry === 'never'
}
