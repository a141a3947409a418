import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
  type Credentials,
} from '@aws-sdk/client-sts'

import type { Target } from './arguments.ts'
import { Refusal } from './refusal.ts'

/** Keys of a session of the role. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** Who the runs will be. */
export interface Identity {
  readonly accountId: string
  readonly keys: Keys
  /** The action's inputs and variables by which its runs become the same role. */
  readonly inputs: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
}

/** Long enough for five rollouts; the role's maximum may say less. */
const durationSeconds = 3_600
const sessionName = 'verify-aws'

/** Assumes the role as the action will. @throws Refusal where AWS does not let it. */
export async function assume(
  { roleArn, region }: Target,
  variables: NodeJS.ProcessEnv,
): Promise<Identity> {
  const url = variables['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''
  const bearer = variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
  const byOidc = url !== '' && bearer !== ''
  try {
    const keys = byOidc
      ? await assumeByToken(roleArn, region, await mintToken(url, bearer))
      : await assumeByKeys(roleArn, region)
    const accountId = await askAccount(region, keys)
    if (!byOidc) return { accountId, keys, inputs: {}, environment: asVariables(keys) }
    const job = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer }
    return { accountId, keys, inputs: { 'role-to-assume': roleArn }, environment: job }
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause)
    throw new Refusal(`"${roleArn}" can not be assumed: ${text.split('\n')[0] ?? ''}`, { cause })
  }
}

/** @throws Refusal unless the caller's account is the one that was named. */
export function confirmAccount(accountId: string, named: string | undefined): void {
  if (named === accountId) return
  throw new Refusal(
    named === undefined
      ? `this writes to account ${accountId}: say so with --yes-this-account ${accountId}`
      : `--yes-this-account is ${named}, and the role belongs to account ${accountId}`,
  )
}

async function mintToken(url: string, bearer: string): Promise<string> {
  const response = await fetch(`${url}&audience=sts.amazonaws.com`, {
    headers: { authorization: `Bearer ${bearer}` },
  })
  const answer: unknown = await response.json()
  if (typeof answer === 'object' && answer !== null && 'value' in answer) {
    if (typeof answer.value === 'string') return answer.value
  }
  throw new Error(`GitHub gave no OIDC token (${response.status})`)
}

async function assumeByToken(roleArn: string, region: string, token: string): Promise<Keys> {
  const unsigned = { accessKeyId: '', secretAccessKey: '' }
  const sts = new STSClient({ region, credentials: unsigned })
  const input = { RoleArn: roleArn, RoleSessionName: sessionName, WebIdentityToken: token }
  const answer = await sts.send(
    new AssumeRoleWithWebIdentityCommand({ ...input, DurationSeconds: durationSeconds }),
  )
  return toKeys(answer.Credentials)
}

async function assumeByKeys(roleArn: string, region: string): Promise<Keys> {
  const sts = new STSClient({ region })
  const input = { RoleArn: roleArn, RoleSessionName: sessionName }
  const answer = await sts.send(
    new AssumeRoleCommand({ ...input, DurationSeconds: durationSeconds }),
  )
  return toKeys(answer.Credentials)
}

async function askAccount(region: string, keys: Keys): Promise<string> {
  const sts = new STSClient({ region, credentials: keys })
  const { Account } = await sts.send(new GetCallerIdentityCommand({}))
  if (Account === undefined) throw new Error('STS names no account')
  return Account
}

function toKeys(issued: Credentials | undefined): Keys {
  const { AccessKeyId, SecretAccessKey, SessionToken } = issued ?? {}
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new Error('STS answered without credentials')
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }
}

function asVariables(keys: Keys): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
  }
}
