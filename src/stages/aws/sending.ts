import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { untilAborted } from './until-aborted.ts'

/** One write to AWS over its attempts: it keeps whether any of them may have been taken. */
export class Sending {
  readonly #signal: AbortSignal
  #maybeTaken = false

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Whether an attempt was sent and neither a good answer nor a refusal of it was seen. */
  get maybeTaken(): boolean {
    return this.#maybeTaken
  }

  /**
   * Sends it once (more).
   * @param call Sends it and reads the answer: one that makes no sense is no answer.
   * @throws what the call ends with, or the signal's reason; after the signal nothing is sent.
   */
  async attempt<T>(call: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted()
    try {
      return await untilAborted(call, this.#signal)
    } catch (error) {
      this.#maybeTaken ||= mayBeTaken(error, this.#signal)
      throw error
    }
  }
}

/** Credentials that cannot be had (the only other ActionError) end a call before it is sent. */
function mayBeTaken(error: unknown, { reason }: AbortSignal): boolean {
  if (error instanceof AwsFailure) return error.ambiguous && !error.throttled && !error.unsent
  return !(error instanceof ActionError) || error === reason
}
