import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { readPolicy } from '../../../simulator/iam/policy/document.ts'
import type { AccessKey } from '../../../simulator/iam/principal.ts'
import { trustAccount, type TrustPolicy } from '../../../simulator/iam/trust-policy.ts'
import { ecrClient, openAccount, refusal, stsClient, type Account } from '../account.ts'

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
    }).toThrow("trust policy: condition operator 'IpAddress' is not one of StringEquals")
  })
})

describe('what a session is', () => {
  const policyOf = (action: string, effect = 'Allow') =>
    JSON.stringify({ Statement: [{ Effect: effect, Action: action, Resource: '*' }] })

  function repositoriesAs(key: AccessKey) {
    return ecrClient(account, key).send(new DescribeRepositoriesCommand({}))
  }

  it('STS-8 is limited by inline and managed session policies together', async () => {
    addRole()
    const arn = account.simulator.iam.addManagedPolicy('describe', {
      Statement: [{ Effect: 'Allow', Action: 'ecr:Describe*', Resource: '*' }],
    })
    await repositoriesAs(await assume({ Policy: policyOf('ecs:*'), PolicyArns: [{ arn }] }))
    expect(
      await refusal(repositoriesAs(await assume({ Policy: policyOf('ecs:*') }))),
    ).toMatchObject({
      text: expect.stringMatching(/because no session policy allows/),
    })
    const denied = await assume({ Policy: policyOf('ecr:*', 'Deny'), PolicyArns: [{ arn }] })
    expect(await refusal(repositoriesAs(denied))).toMatchObject({
      text: expect.stringMatching(/with an explicit deny in a session policy$/),
    })
  })

  it.each<[string, Partial<AssumeRoleCommandInput>, string]>([
    ['a policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocument'],
    [
      'a policy without resource',
      { Policy: '{"Statement":{"Effect":"Allow","Action":"*"}}' },
      'MalformedPolicyDocument',
    ],
    [
      'an unknown managed policy',
      { PolicyArns: [{ arn: 'arn:aws:iam::1:policy/x' }] },
      'MalformedPolicyDocument',
    ],
    ['a policy of 2049 characters', { Policy: ' '.repeat(2049) }, 'ValidationError'],
    [
      'eleven managed policies',
      { PolicyArns: Array.from({ length: 11 }, () => ({ arn: 'x' })) },
      'ValidationError',
    ],
    [
      '51 tags',
      { Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${String(i)}`, Value: '' })) },
      'ValidationError',
    ],
    ['a tag with a forbidden character', { Tags: [{ Key: 'a', Value: 'b*' }] }, 'ValidationError'],
    [
      'a tag twice',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidParameterValue',
    ],
    [
      'a value of 257 characters',
      { Tags: [{ Key: 'a', Value: 'b'.repeat(257) }] },
      'ValidationError',
    ],
  ])('STS-9 is not opened with %s', async (_what, input, name) => {
    addRole()
    const { name: code } = await refusal(assume(input))
    expect(code.replace(/Exception$/, '')).toBe(name)
  })

  it('STS-10 has room for policies and tags, and says how much they take', async () => {
    addRole()
    const tags = Array.from({ length: 9 }, (_, index) => ({
      Key: `tag-${String(index)}`,
      Value: 'x'.repeat(250),
    }))
    const small = new AssumeRoleCommand({
      ...{ RoleArn: ARN, RoleSessionName: 'session', Tags: tags.slice(0, 2) },
    })
    expect((await stsClient(account).send(small)).SessionTokenUtilization).toBe(25)
    expect(await refusal(assume({ Tags: tags }))).toEqual({
      name: 'PackedPolicyTooLargeException',
      text: 'Packed size of session tags consumes 113% of allotted space.',
    })
    account.simulator.sts.packedSpaceBytes = 4096
    await assume({ Tags: tags })
  })

  it('STS-6 has a source identity only where the trust policy lets it be set', async () => {
    const [statement] = trustAccount('123456789012').Statement
    if (statement === undefined) throw new Error('the trust policy is empty')
    addRole()
    expect(await refusal(assume({ SourceIdentity: 'octocat' }))).toMatchObject({
      text: expect.stringContaining('is not authorized to perform: sts:SetSourceIdentity'),
    })
    addRole({ Version: '2012-10-17', Statement: [{ ...statement, Action: 'sts:*' }] })
    const command = { RoleArn: ARN, RoleSessionName: 'session', SourceIdentity: 'octocat' }
    const answer = await stsClient(account).send(new AssumeRoleCommand(command))
    expect(answer.SourceIdentity).toBe('octocat')
  })

  it('STS-11 carries its tags, and hands transitive ones on', async () => {
    addRole()
    const { iam } = account.simulator
    const tags = [
      { Key: 'team', Value: 'shop' },
      { Key: 'run', Value: '7' },
    ]
    const first = await assume({ Tags: tags, TransitiveTagKeys: ['team'] })
    const second = await assume({}, first)
    expect(iam.principal(first.accessKeyId)?.tags).toEqual({ team: 'shop', run: '7' })
    expect(iam.principal(second.accessKeyId)?.tags).toEqual({ team: 'shop' })
    const role = iam.role(ARN)
    if (role === undefined) throw new Error('no role')
    role.policy = readPolicy({
      Statement: {
        ...{ Effect: 'Allow', Action: 'ecr:*', Resource: '*' },
        Condition: { StringEquals: { 'aws:PrincipalTag/run': '7' } },
      },
    })
    await repositoriesAs(first)
    expect(await refusal(repositoriesAs(second))).toMatchObject({ name: 'AccessDeniedException' })
  })
})

describe('who may assume a role', () => {
  const Principal = (AWS: string) => ({
    Effect: 'Allow' as const,
    Principal: { AWS },
    Action: 'sts:*',
  })

  it('STS-6 whom the trust policy names itself needs no policy of its own, its account does', async () => {
    const { iam } = account.simulator
    const user = iam.addUser({ name: 'ci', allow: ['ecr:*'] })
    addRole(trustAccount('123456789012'))
    expect(await refusal(assume({}, user))).toMatchObject({
      text: expect.stringMatching(
        /because no identity-based policy allows the sts:AssumeRole action$/,
      ),
    })
    addRole({ Version: '2012-10-17', Statement: [Principal(user.principal.arn)] })
    await assume({}, user)
  })

  it('STS-6 another account needs both', async () => {
    const { iam } = account.simulator
    const guest = iam.addUser({ name: 'guest', accountId: '210987654321' })
    const powerless = iam.addUser({ name: 'guest', accountId: '210987654321', allow: [] })
    addRole()
    expect(await refusal(assume({}, guest))).toMatchObject({ name: 'AccessDenied' })
    addRole({ Version: '2012-10-17', Statement: [Principal('210987654321')] })
    await assume({}, guest)
    expect(await refusal(assume({}, powerless))).toMatchObject({ name: 'AccessDenied' })
  })

  it('STS-6 an explicit deny in the trust policy keeps out', async () => {
    const [open] = trustAccount('123456789012').Statement
    if (open === undefined) throw new Error('the trust policy is empty')
    const closed = { ...open, Effect: 'Deny' as const }
    addRole({ Version: '2012-10-17', Statement: [open, closed] })
    expect(await refusal(assume())).toMatchObject({ name: 'AccessDenied' })
  })
})

describe('STS itself', () => {
  it('STS-12 may be disabled in a region', async () => {
    addRole()
    account.simulator.sts.disabledRegions.add('us-east-1')
    const text =
      'STS is not activated in this region for account:123456789012. Your account administrator ' +
      'can activate STS in this region using the IAM Console.'
    expect(await refusal(assume())).toEqual({ name: 'RegionDisabledException', text })
    expect(await refusal(stsClient(account).send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'RegionDisabledException',
    })
  })

  it('STS-13 tells every kind of caller who it is, whatever its policies deny', async () => {
    addRole()
    const { iam } = account.simulator
    const whoIs = (key: AccessKey) => stsClient(account, key).send(new GetCallerIdentityCommand({}))
    const denied = iam.addUser({ name: 'ci', allow: [] })
    expect(await whoIs(denied)).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/ci',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{16}$/),
    })
    expect(await whoIs(iam.addRootKey())).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:root',
      UserId: '123456789012',
    })
    expect(await whoIs(await assume())).toMatchObject({
      Arn: 'arn:aws:sts::123456789012:assumed-role/deployer/session',
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{16}:session$/),
    })
    const guest = iam.addUser({ name: 'guest', accountId: '210987654321' })
    expect(await whoIs(guest)).toMatchObject({ Account: '210987654321' })
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
