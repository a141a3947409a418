import { parseEcrHost } from '../../image/repository/repository.ts'
import type { InputReader } from '../reader.ts'

/** Inputs that hold repositories or references to images. From `registries` is only pulled. */
const hostInputs = ['repository', 'cache-repository', 'image', 'container-images']

/** Inputs that hold ARNs of what is asked for or changed, one or more. */
const arnInputs = ['cluster', 'service', 'task-definition-arn', 'deployment-arn']

/**
 * Tells every account that is written in the inputs and that `allowed-account-ids` does not list:
 * those of ARNs, and those of registries' hosts. What is not written is known of the caller, who is
 * checked when AWS has said who it is.
 * @param allowed Empty: any account.
 */
export function rejectForeignAccounts(reader: InputReader, allowed: readonly string[]): void {
  if (allowed.length === 0) return
  const written = [
    ...['role-to-assume', ...arnInputs].flatMap((input) =>
      reader.list(input).map((value) => ({ input, value, accountId: arnAccount(value) })),
    ),
    ...hostInputs.flatMap((input) =>
      reader.lines(input).map((value) => ({ input, value, accountId: hostAccount(value) })),
    ),
  ]
  for (const { input, value, accountId } of written) {
    if (accountId === undefined || allowed.includes(accountId)) continue
    reader.reject(input, `is of account ${accountId}, which is none of allowed-account-ids`, value)
  }
}

function arnAccount(text: string): string | undefined {
  return /^arn:[^:]+:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/.exec(text)?.[1]
}

/** The account of `host/name`, also behind `container=`, with a tag or a digest or not. */
function hostAccount(text: string): string | undefined {
  const [host = ''] = text.replace(/^[^=/]+=/, '').split('/')
  return parseEcrHost(host)?.accountId
}
