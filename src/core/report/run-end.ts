import type { ActionError } from '../errors/action-error.ts'
import { isFailure, type Outcome } from '../outcome.ts'

/** How the run ended, as a whole. */
export interface RunEnd {
  readonly outcome: Outcome
  /** Whether this run changed anything in ECS. */
  readonly changed: boolean
  /** Whether what runs was seen to be what was pushed. */
  readonly verified: boolean
  /** With every red outcome: what is told, and the remedy. */
  readonly error: ActionError | undefined
  /** The red outcome is one that the inputs take for good: the step is green. */
  readonly accepted?: true
}

/** The step's exit code. */
export function exitCodeOf(end: RunEnd): 0 | 1 {
  return isRed(end) ? 1 : 0
}

/** Whether the step ends red. */
export function isRed({ outcome, accepted }: RunEnd): boolean {
  return isFailure(outcome) && accepted !== true
}
