import type { ActionError } from '../../errors/action-error.ts'
import type { BuildFailure } from './failure.ts'
import { isLoginLost, isPullLoginLost, isTransient } from './transient.ts'

/** Why a go of buildx failed. */
export type FailedGo =
  | Extract<BuildFailure, { kind: 'build' }>
  | (Extract<BuildFailure, { kind: 'push' }> & {
      /** What ECR's API said of it, else what BuildKit did. */
      readonly error: ActionError
      /** Whether the password had ended by its own date. */
      readonly expired: boolean
    })
  | {
      readonly kind: 'copy'
      readonly error: ActionError
      /** Everything that buildx said. */
      readonly words: string
      /** Whether a password had ended by its own date. */
      readonly expired: boolean
    }

/** What was tried so far. */
export interface Attempts {
  /** 1 for the first. */
  readonly attempt: number
  /** Whether a new password was got once already. */
  readonly renewed: boolean
  /** The registries that are logged in to. */
  readonly hosts: readonly string[]
}

export type NextAttempt =
  | { readonly kind: 'give-up' }
  /** `renew`: new passwords are got first. */
  | { readonly kind: 'again'; readonly renew: boolean }

/**
 * Whether a failed go of buildx is followed by another one. A login that has ended is renewed once
 * and costs none of the retries; else only what is known to pass is tried again, as long as ECR has
 * no objection to the push.
 * @param retries How many further attempts the user allows.
 */
export function nextAttempt(
  failed: FailedGo,
  { attempt, renewed, hosts }: Attempts,
  retries: number,
): NextAttempt {
  if (!renewed && isLoginOver(failed, hosts)) return { kind: 'again', renew: true }
  const used = renewed ? attempt - 2 : attempt - 1
  return mayPass(failed) && used < retries ? { kind: 'again', renew: false } : { kind: 'give-up' }
}

/** A bare 401 or 403 of a push says so only where the password's own date has passed. */
function isLoginOver(failed: FailedGo, hosts: readonly string[]): boolean {
  switch (failed.kind) {
    case 'build':
      return isPullLoginLost(failed.words, hosts)
    case 'copy':
      return failed.expired || isLoginLost(failed.words)
    case 'push': {
      const { text, request } = failed.push
      if (isLoginLost(text)) return true
      return failed.expired && (request?.status === 401 || request?.status === 403)
    }
  }
}

/** ECR's answer to a look goes before BuildKit's words: an EOF often hides a denial. */
function mayPass(failed: FailedGo): boolean {
  switch (failed.kind) {
    case 'build':
    case 'copy':
      return isTransient(failed.words)
    case 'push': {
      if (failed.error.code !== 'push-failed') return false
      const { status = 0 } = failed.push.request ?? {}
      return status === 429 || status >= 500 || isTransient(failed.push.text)
    }
  }
}
