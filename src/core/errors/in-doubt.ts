import { ActionError, toActionError } from './action-error.ts'

/**
 * A write was sent, and nobody knows whether AWS took it. It says what its cause says, which is what
 * ended the sending: lost answers, a call that could not be repeated, or the run's cancellation.
 */
export class InDoubt extends ActionError {
  override readonly cause: ActionError

  constructor(end: unknown) {
    const cause = toActionError(end)
    const { code, message, remedy, details, source } = cause
    super(code, message, remedy, { cause, details, source })
    this.name = 'InDoubt'
    this.cause = cause
  }
}
