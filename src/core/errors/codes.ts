/** Whose fault a failure is; decides whom the message speaks to. */
export type Fault = 'user' | 'aws' | 'runner' | 'bug'

/**
 * Whether doing the same again may help: `never`; `backoff`, with growing jittered delays; `once`,
 * after the repair that the remedy names.
 */
export type RetryClass = 'never' | 'backoff' | 'once'

interface CodeClass {
  readonly fault: Fault
  readonly retry: RetryClass
}
const user: CodeClass = { fault: 'user', retry: 'never' }
const aws: CodeClass = { fault: 'aws', retry: 'never' }
const transient: CodeClass = { fault: 'aws', retry: 'backoff' }
const runner: CodeClass = { fault: 'runner', retry: 'never' }

/**
 * Every code an error of ours can carry. A code is a promise: workflows branch on it, and
 * docs/errors.md has a heading for each.
 */
export const errorCodes = {
  // Before anything: what the user wrote, and where the workflow runs.
  'invalid-inputs': user,
  'untrusted-event': user,
  'file-unreadable': user,
  // Identity.
  'oidc-unavailable': user,
  'oidc-failed': transient,
  'role-not-assumable': user,
  'oidc-provider-missing': user,
  'oidc-audience-refused': user,
  'web-identity-refused': user,
  'web-identity-expired': { fault: 'aws', retry: 'once' },
  'session-duration-refused': user,
  'session-policy-refused': user,
  'sts-region-disabled': user,
  'credentials-missing': user,
  'credentials-invalid': user,
  'credentials-expired': user,
  'account-not-allowed': user,
  'caller-mismatch': user,
  'access-denied': user,
  'role-not-found': user,
  // Registry.
  'repository-not-found': user,
  'registry-login-failed': { fault: 'runner', retry: 'once' },
  'tag-immutable': user,
  'image-not-found': user,
  'image-ambiguous': user,
  'merge-refused': user,
  'image-incomplete': aws,
  'digest-mismatch': aws,
  'push-failed': transient,
  'copy-failed': transient,
  'reuse-refused': user,
  'image-too-large': user,
  'vulnerabilities-found': user,
  'scan-unavailable': user,
  'scan-timed-out': aws,
  // Build.
  'docker-unavailable': runner,
  'builder-unavailable': runner,
  'builder-unsuitable': user,
  'platform-unsupported': runner,
  'build-failed': user,
  'bake-unreadable': user,
  'bake-refused': user,
  'build-result-missing': { fault: 'bug', retry: 'never' },
  // Task definition and service.
  'cluster-not-found': user,
  'service-not-found': user,
  'service-inactive': user,
  'service-unsupported': user,
  'task-definition-unreadable': user,
  'task-definition-refused': user,
  'task-definition-not-found': user,
  'container-not-found': user,
  'container-ambiguous': user,
  'platform-mismatch': user,
  'deployment-active': user,
  'newer-commit-deployed': user,
  'pause-not-found': user,
  'pause-undecided': user,
  'rollback-impossible': user,
  'setting-refused': user,
  'service-skipped': user,
  'update-refused': user,
  'update-lost': aws,
  // Rollout.
  'rollout-failed': user,
  'rollout-rolled-back': user,
  'rollback-failed': aws,
  'rollout-superseded': user,
  'rollout-stopped': user,
  'rollout-timed-out': user,
  'rollout-lost': aws,
  'wrong-image': aws,
  // One-off task.
  'task-refused': user,
  'task-not-placed': aws,
  'task-not-started': user,
  'task-failed': user,
  'task-interrupted': aws,
  'task-timed-out': user,
  'task-lost': aws,
  // Anywhere.
  cancelled: user,
  throttled: transient,
  'aws-unavailable': transient,
  'aws-refused': aws,
  'outputs-unwritable': runner,
  unexpected: { fault: 'bug', retry: 'never' },
} as const satisfies Record<string, CodeClass>

export type ErrorCode = keyof typeof errorCodes
