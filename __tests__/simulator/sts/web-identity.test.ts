import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleWithWebIdentityCommandInput,
} from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { trustGitHub } from '../../../simulator/iam/trust-policy.ts'
import type { Role } from '../../../simulator/iam/iam.ts'
import { ecrClient, openAccount, refusal, stsClient, type Account } from '../account.ts'

const TRUST = trustGitHub({ accountId: '123456789012', subject: 'repo:octo-org/octo-repo:*' })

let account: Account
let role: Role
beforeEach(async () => {
  account = await openAccount()
  role = account.simulator.iam.addRole({ name: 'deployer', trustPolicy: TRUST })
})
afterEach(() => account.simulator.close())

function assume(token: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) {
  const client = new STSClient({
    endpoint: account.simulator.url,
    region: 'us-east-1',
    maxAttempts: 1,
  })
  const input = { RoleArn: role.arn, RoleSessionName: 'GitHubActions', WebIdentityToken: token }
  return client.send(new AssumeRoleWithWebIdentityCommand({ ...input, ...more }))
}

async function session(more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) {
  const token = await account.simulator.oidc.issue('sts.amazonaws.com')
  const { Credentials: credentials } = await assume(token, more)
  return {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secretAccessKey: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
    principal: account.administrator.principal,
  }
}

describe('AssumeRoleWithWebIdentity', () => {
  it('STS-1 gives credentials of the role for a token that verifies', async () => {
    const { simulator } = account
    const answer = await assume(await simulator.oidc.issue('sts.amazonaws.com'))
    const arn = 'arn:aws:sts::123456789012:assumed-role/deployer/GitHubActions'
    expect(answer).toMatchObject({
      AssumedRoleUser: { Arn: arn, AssumedRoleId: `${role.roleId}:GitHubActions` },
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        Expiration: new Date('2026-01-01T01:00:00Z'),
      },
      SubjectFromWebIdentityToken: 'repo:octo-org/octo-repo:ref:refs/heads/main',
      Audience: 'sts.amazonaws.com',
      Provider: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
    })
    const identity = await stsClient(account, await session()).send(
      new GetCallerIdentityCommand({}),
    )
    expect(identity).toMatchObject({ Account: '123456789012', Arn: arn })
  })

  it('STS-1 keeps the token itself out of the request log', async () => {
    const token = await account.simulator.oidc.issue('sts.amazonaws.com')
    await assume(token)
    expect(JSON.stringify(account.simulator.requests.list())).not.toContain(token)
  })

  it.each<[string, Partial<AssumeRoleWithWebIdentityCommandInput>, object]>([
    ['of another repository', {}, { sub: 'repo:octo-org/other:ref:refs/heads/main' }],
    ['with an immutable subject', {}, { sub: 'repo:octo-org@65/octo-repo@74:ref:refs/heads/main' }],
    ['for a role that is not there', { RoleArn: 'arn:aws:iam::123456789012:role/none' }, {}],
  ])('STS-2 does not authorize a token %s', async (_case, input, claims) => {
    const token = await account.simulator.oidc.issue('sts.amazonaws.com', { ...claims })
    const error = await assume(token, input).catch((cause: unknown) => cause)
    expect(error).toMatchObject({
      name: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      $metadata: { httpStatusCode: 403 },
    })
  })

  it.each([
    ['not a JWT', () => Promise.resolve('garbage'), /^The ID Token provided is not a valid JWT/],
    [
      'of an issuer that the account does not know',
      () => account.simulator.oidc.issue('sts.amazonaws.com', { iss: 'https://evil.example' }),
      /^No OpenIDConnect provider found in your account for https:\/\/evil\.example$/,
    ],
    [
      'for another audience',
      () => account.simulator.oidc.issue('https://github.com/octo-org'),
      /^Incorrect token audience$/,
    ],
    ['whose payload was changed', forged, /^Invalid token signature$/],
    [
      'of a key that is no longer published',
      async () => {
        const token = await account.simulator.oidc.issue('sts.amazonaws.com')
        await account.simulator.oidc.rotateKey()
        return token
      },
      /^Couldn't retrieve verification key from your identity provider, {2}please reference/,
    ],
  ])('STS-3 calls a token %s an InvalidIdentityToken', async (_case, makeToken, text) => {
    expect(await refusal(assume(await makeToken()))).toEqual({
      name: 'InvalidIdentityTokenException',
      text: expect.stringMatching(text),
    })
  })

  it('STS-3 says so when the provider’s keys cannot be fetched', async () => {
    const { oidc } = account.simulator
    const token = await oidc.issue('sts.amazonaws.com')
    oidc.keysReachable = false
    expect(await refusal(assume(token))).toEqual({
      name: 'InvalidIdentityTokenException',
      text:
        "Couldn't retrieve verification key from your identity provider,  please reference " +
        'AssumeRoleWithWebIdentity documentation for requirements',
    })
    oidc.keysReachable = true
    await assume(token)
  })

  it('STS-3 verifies tokens of the old key for as long as it stays published', async () => {
    const { oidc } = account.simulator
    const token = await oidc.issue('sts.amazonaws.com')
    await oidc.rotateKey({ keepPublished: true })
    await assume(token)
    await assume(await oidc.issue('sts.amazonaws.com'))
    await oidc.rotateKey()
    expect(await refusal(assume(token))).toMatchObject({ name: 'InvalidIdentityTokenException' })
  })

  it('STS-3 takes the same token again while it lives: nothing that AWS documents forbids it', async () => {
    const token = await account.simulator.oidc.issue('sts.amazonaws.com')
    const [first, second] = [await assume(token), await assume(token)]
    expect(first.Credentials?.AccessKeyId).not.toBe(second.Credentials?.AccessKeyId)
  })

  it('STS-2 asks both forms of the subject for the policy that names them', async () => {
    const { iam, oidc } = account.simulator
    const subject = 'repo:octo-org@65/octo-repo@74:environment:production'
    iam.addRole({
      name: 'deployer',
      trustPolicy: trustGitHub({ accountId: '123456789012', subject }),
    })
    oidc.job = { ...oidc.job, environment: 'production' }
    expect(await refusal(assume(await oidc.issue('sts.amazonaws.com')))).toMatchObject({
      name: 'AccessDenied',
    })
    oidc.subjectFormat = 'immutable'
    const { SubjectFromWebIdentityToken: told } = await assume(
      await oidc.issue('sts.amazonaws.com'),
    )
    expect(told).toBe(subject)
  })

  it('STS-12 is refused in a region where STS is disabled', async () => {
    const { oidc, sts } = account.simulator
    sts.disabledRegions.add('us-east-1')
    const error = await assume(await oidc.issue('sts.amazonaws.com')).catch((e: unknown) => e)
    expect(error).toMatchObject({
      name: 'RegionDisabledException',
      $metadata: { httpStatusCode: 403 },
    })
  })

  it('STS-4 refuses a token that has expired', async () => {
    const token = await account.simulator.oidc.issue('sts.amazonaws.com')
    account.clock.advance(300_000)
    expect(await refusal(assume(token))).toMatchObject({ name: 'ExpiredTokenException' })
  })

  it.each([
    [7200, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'],
    [
      60,
      "1 validation error detected: Value '60' at 'durationSeconds' failed to satisfy " +
        'constraint: Member must have value greater than or equal to 900',
    ],
  ])('STS-5 refuses a session of %d seconds', async (seconds, text) => {
    expect(await refusal(session({ DurationSeconds: seconds }))).toEqual({
      name: 'ValidationError',
      text,
    })
  })
})

describe('the credentials of a session', () => {
  it('STS-7 end when they expire, at JSON services and at STS', async () => {
    const key = await session({ DurationSeconds: 900 })
    await ecrClient(account, key).send(new DescribeRepositoriesCommand({}))
    account.clock.advance(900_000)
    const text = 'The security token included in the request is expired'
    expect(
      await refusal(ecrClient(account, key).send(new DescribeRepositoriesCommand({}))),
    ).toEqual({ name: 'ExpiredTokenException', text })
    expect(
      await refusal(stsClient(account, key).send(new GetCallerIdentityCommand({}))),
    ).toMatchObject({ name: expect.stringMatching(/^ExpiredToken/), text })
  })

  it('STS-8 may do no more than role and session policy both allow', async () => {
    const key = await session({
      Policy: JSON.stringify({
        Statement: [{ Effect: 'Allow', Action: 'ecr:PutImage', Resource: '*' }],
      }),
    })
    expect(
      await refusal(ecrClient(account, key).send(new DescribeRepositoriesCommand({}))),
    ).toMatchObject({
      name: 'AccessDeniedException',
      text: expect.stringMatching(/because no session policy allows the ecr:DescribeRepositories/),
    })
  })

  it('STS-8 lose a permission as soon as the role does', async () => {
    const key = await session()
    role.allow = ['ecr:PutImage']
    expect(
      await refusal(ecrClient(account, key).send(new DescribeRepositoriesCommand({}))),
    ).toMatchObject({ name: 'AccessDeniedException' })
  })
})

async function forged(): Promise<string> {
  const token = await account.simulator.oidc.issue('sts.amazonaws.com')
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = Buffer.from(payload, 'base64url').toString().replace('octo-repo', 'evil-repo')
  return [header, Buffer.from(claims).toString('base64url'), signature].join('.')
}
