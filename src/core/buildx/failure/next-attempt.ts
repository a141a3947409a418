import type { ActionError } from '../../errors/action-error.ts'
import type { PushFailure } from './push-failure.ts'
import { isLoginLost, isTransient } from './transient.ts'

/** A go of buildx that failed, and what ECR's API said of it. */
export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number
  readonly error: ActionError
  /** Undefined where it failed before the push. */
  readonly push: PushFailure | undefined
  /** Whether a failure before the push may pass by itself. */
  readonly transient: boolean
}

/** What is known of the login when it failed. */
export interface LoginState {
  /** Whether the password has ended by its own date. */
  readonly expired: boolean
  /** A new one was got once already. */
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
  { attempt, error, push, transient }: FailedAttempt,
  login: LoginState,
  retries: number,
): NextAttempt {
  if (push !== undefined && !login.renewed && isLoginOver(push, login)) {
    return { kind: 'again', renew: true, built: true }
  }
  const passing = push === undefined ? transient : mayPass(error, push)
  const used = login.renewed ? attempt - 2 : attempt - 1
  return passing && used < retries
    ? { kind: 'again', renew: false, built: push !== undefined }
    : { kind: 'give-up' }
}

/** A bare 401 or 403 says so only where the password's own date has passed. */
function isLoginOver({ text, request }: PushFailure, { expired }: LoginState): boolean {
  if (isLoginLost(text)) return true
  return expired && (request?.status === 401 || request?.status === 403)
}

/** ECR's answer to a look goes before BuildKit's words: an EOF often hides a denial. */
function mayPass(error: ActionError, { text, request }: PushFailure): boolean {
  if (error.code !== 'push-failed') return false
  const { status = 0 } = request ?? {}
  return status === 429 || status >= 500 || isTransient(text)
}
