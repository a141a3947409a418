import type { ActionError } from '../../errors/action-error.ts'
import type { BuildFailure } from './failure.ts'
import type { PushFailure } from './push-failure.ts'
import { isLoginLost, isTransient } from './transient.ts'

/** Why a go of buildx failed. */
export type FailedGo =
  | Extract<BuildFailure, { kind: 'build' }>
  | (Extract<BuildFailure, { kind: 'push' }> & {
      /** What ECR's API said of it, else what BuildKit did. */
      readonly error: ActionError
      /** Whether the password had ended by its own date. */
      readonly expired: boolean
    })

/** What was tried so far. */
export interface Attempts {
  /** 1 for the first. */
  readonly attempt: number
  /** Whether a new password was got once already. */
  readonly renewed: boolean
}

export type NextAttempt =
  | { readonly kind: 'give-up' }
  | {
      readonly kind: 'again'
      /** Whether a new password is got first. */
      readonly renew: boolean
      /** All steps are done: flags that keep the builder's cache out would only repeat them. */
      readonly built: boolean
    }

/**
 * Whether a failed go of buildx is followed by another one. A login that has ended is renewed once
 * and costs none of the retries; else only what is known to pass is tried again, as long as ECR has
 * no objection to the push.
 * @param retries How many further attempts the user allows.
 */
export function nextAttempt(
  failed: FailedGo,
  { attempt, renewed }: Attempts,
  retries: number,
): NextAttempt {
  const built = failed.kind === 'push'
  if (built && !renewed && isLoginOver(failed.push, failed.expired)) {
    return { kind: 'again', renew: true, built }
  }
  const passing = built ? mayPass(failed.error, failed.push) : failed.transient
  const used = renewed ? attempt - 2 : attempt - 1
  return passing && used < retries ? { kind: 'again', renew: false, built } : { kind: 'give-up' }
}

/** A bare 401 or 403 says so only where the password's own date has passed. */
function isLoginOver({ text, request }: PushFailure, expired: boolean): boolean {
  if (isLoginLost(text)) return true
  return expired && (request?.status === 401 || request?.status === 403)
}

/** ECR's answer to a look goes before BuildKit's words: an EOF often hides a denial. */
function mayPass(error: ActionError, { text, request }: PushFailure): boolean {
  if (error.code !== 'push-failed') return false
  const { status = 0 } = request ?? {}
  return status === 429 || status >= 500 || isTransient(text)
}
