import { ActionError } from '../errors/action-error.ts'
import type { IdentityInputs } from '../inputs/inputs.ts'

/** What GetCallerIdentity says, as far as it is judged. */
interface CallerIdentity {
  readonly accountId: string
  readonly arn: string
}

/** `arn:aws:sts::1:assumed-role/NAME/SESSION` is a session of `arn:aws:iam::1:role/PATH/NAME`. */
export function isSessionOf(roleArn: string, callerArn: string): boolean {
  const [, roleAccount, rolePath] = /^arn:[^:]+:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? []
  const [, account, name] =
    /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/.+$/.exec(callerArn) ?? []
  return account === roleAccount && name === rolePath?.split('/').at(-1)
}

/**
 * Checks who we are before anything is read or written with it.
 * @throws ActionError `caller-mismatch` or `account-not-allowed`.
 */
export function checkCaller(
  caller: CallerIdentity,
  { roleToAssume, allowedAccountIds }: Pick<IdentityInputs, 'roleToAssume' | 'allowedAccountIds'>,
): void {
  if (roleToAssume !== undefined && !isSessionOf(roleToAssume, caller.arn)) {
    throw new ActionError(
      'caller-mismatch',
      `the credentials belong to "${caller.arn}", not to the role "${roleToAssume}"`,
      'Check `role-to-assume`; nothing was written.',
    )
  }
  if (allowedAccountIds.length > 0 && !allowedAccountIds.includes(caller.accountId)) {
    throw new ActionError(
      'account-not-allowed',
      `the credentials belong to account "${caller.accountId}", which is none of ${allowedAccountIds.join(', ')}`,
      'Use credentials of an allowed account, or add the account to `allowed-account-ids`.',
    )
  }
}
