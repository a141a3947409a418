import { parseRepositoryReference } from '../image/repository.ts'
import type { InputReader } from './reader.ts'

/**
 * Tells every account that is written in the inputs and that `allowed-account-ids` does not list:
 * the role's, and those of the hosts in `repository` and `image`. What is not written is known of
 * the caller, who is checked when AWS has said who it is.
 * @param allowed Empty: any account.
 */
export function rejectForeignAccounts(reader: InputReader, allowed: readonly string[]): void {
  if (allowed.length === 0) return
  const role = reader.text('role-to-assume')
  const written = [
    {
      input: 'role-to-assume',
      value: role,
      accountId: /^arn:[^:]+:iam::(\d{12}):/.exec(role ?? '')?.[1],
    },
    ...['repository', 'image'].flatMap((input) =>
      reader.lines(input).map((value) => ({ input, value, accountId: hostAccount(value) })),
    ),
  ]
  for (const { input, value, accountId } of written) {
    if (accountId === undefined || allowed.includes(accountId)) continue
    reader.reject(input, `is of account ${accountId}, which is none of allowed-account-ids`, value)
  }
}

/** The account of `host/name`, with a tag or a digest behind it or not. */
function hostAccount(text: string): string | undefined {
  return parseRepositoryReference(text.replace(/(@|:[^/]*$).*/, ''))?.host?.accountId
}
