import type { Context } from '../policy/condition.ts'

/** An action with the resource it is asked for, as an AccessDenied text names them. */
export interface Permission {
  readonly action: string
  readonly resource: string
  /** Condition keys of the service; those that every request has are IAM's to add. */
  readonly context?: Context
}
