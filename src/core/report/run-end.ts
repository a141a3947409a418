import type { ActionError } from '../errors/action-error.ts'
import type { Outcome } from '../outcome.ts'

/** How the run ended, as a whole. */
export interface RunEnd {
  readonly outcome: Outcome
  /** Whether this run changed anything in ECS. */
  readonly changed: boolean
  /** Whether what runs was seen to be what was pushed. */
  readonly verified: boolean
  /** With every red outcome: what is told, and the remedy. */
  readonly error: ActionError | undefined
}
