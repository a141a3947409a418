import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { AccessKey } from '../../../simulator/iam/principal.ts'
import { trustAccount, type TrustPolicy } from '../../../simulator/iam/trust-policy.ts'
import { openAccount, refusal, stsClient, type Account } from '../account.ts'

let account: Account
beforeEach(async () => {
  account = await openAccount()
})
afterEach(() => account.simulator.close())

const ARN = 'arn:aws:iam::123456789012:role/deployer'

async function assume(
  input: Partial<AssumeRoleCommandInput> = {},
  key: AccessKey = account.administrator,
): Promise<AccessKey> {
  const client = stsClient(account, key)
  const { Credentials: credentials } = await client.send(
    new AssumeRoleCommand({ RoleArn: ARN, RoleSessionName: 'session', ...input }),
  )
  return {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
    principal: key.principal,
  }
}

function addRole(trustPolicy: TrustPolicy = trustAccount('123456789012')): void {
  const { iam } = account.simulator
  iam.addRole({ name: 'deployer', trustPolicy, maxSessionDurationSeconds: 43_200 })
}

describe('AssumeRole', () => {
  it('STS-6 gives credentials to whom the role trusts', async () => {
    addRole()
    const identity = await stsClient(account, await assume()).send(new GetCallerIdentityCommand({}))
    expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deployer/session')
  })

  it('STS-6 names caller, action and role when it denies', async () => {
    expect(await refusal(assume())).toEqual({
      name: 'AccessDenied',
      text: `User: arn:aws:iam::123456789012:user/administrator is not authorized to perform: sts:AssumeRole on resource: ${ARN}`,
    })
  })

  it('STS-6 needs the external id that the trust policy wants', async () => {
    const [statement] = trustAccount('123456789012').Statement
    if (statement === undefined) throw new Error('the trust policy is empty')
    const Condition = { StringEquals: { 'sts:ExternalId': 'shared' } }
    addRole({ Version: '2012-10-17', Statement: [{ ...statement, Condition }] })
    await assume({ ExternalId: 'shared' })
    expect(await refusal(assume({ ExternalId: 'other' }))).toMatchObject({ name: 'AccessDenied' })
    expect(await refusal(assume())).toMatchObject({ name: 'AccessDenied' })
  })

  it('STS-6 needs sts:TagSession for session tags', async () => {
    const [statement] = trustAccount('123456789012').Statement
    if (statement === undefined) throw new Error('the trust policy is empty')
    addRole({ Version: '2012-10-17', Statement: [{ ...statement, Action: 'sts:AssumeRole' }] })
    await assume()
    expect(await refusal(assume({ Tags: [{ Key: 'a', Value: 'b' }] }))).toMatchObject({
      name: 'AccessDenied',
      text: expect.stringContaining('is not authorized to perform: sts:TagSession on resource'),
    })
  })

  it('STS-5 limits chained roles to an hour', async () => {
    addRole()
    const first = await assume({ DurationSeconds: 7200 })
    expect(await refusal(assume({ DurationSeconds: 7200 }, first))).toEqual({
      name: 'ValidationError',
      text: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    })
    await assume({ DurationSeconds: 3600 }, first)
  })

  it('STS-6 does not start with a trust policy that it cannot judge', () => {
    const [statement] = trustAccount('123456789012').Statement
    if (statement === undefined) throw new Error('the trust policy is empty')
    const Condition = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }
    expect(() => {
      addRole({ Version: '2012-10-17', Statement: [{ ...statement, Condition }] })
    }).toThrow(
      "trust policy: condition operator 'IpAddress' is not one of StringEquals, StringLike",
    )
  })
})

describe('signatures at STS', () => {
  it.each([
    ['an unknown key', { accessKeyId: 'AKIANOBODY' }, 'InvalidClientTokenId'],
    ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
  ])('WIRE-4 refuses %s in the words of the query protocol', async (_case, change, name) => {
    const key = { ...account.administrator, ...change }
    const error = await stsClient(account, key)
      .send(new GetCallerIdentityCommand({}))
      .catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: 403 } })
  })

  it('WIRE-3 does not find an action that STS does not have', async () => {
    const answer = await fetch(account.simulator.url, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'toString', Version: '2011-06-15' }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(
      '<Code>InvalidAction</Code><Message>Could not find operation toString for version 2011-06-15</Message>',
    )
  })
})
