import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { trustAccount, trustGitHub, type TrustPolicy } from '../../../simulator/iam/trust-policy.ts'
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import type { CredentialSources } from '../../../src/adapters/aws/credential-sources.ts'
import { credentialsFor } from '../../../src/adapters/aws/credentials.ts'
import { ActionError } from '../../../src/core/errors/action-error.ts'
import { sessionTags } from '../../../src/core/identity/session-tags.ts'
import type { IdentityInputs } from '../../../src/core/inputs/inputs.ts'
import { parseInputs } from '../../../src/core/inputs/parse-inputs.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

const roleArn = 'arn:aws:iam::123456789012:role/deployer'
const role = { 'role-to-assume': roleArn }
const gitHub = trustGitHub({ accountId: '123456789012', subject: 'repo:octo-org/octo-repo:*' })
const account = trustAccount('123456789012')
const tags = sessionTags({
  GITHUB_REPOSITORY: 'octo-org/octo-repo',
  GITHUB_ACTOR: 'octocat',
  GITHUB_JOB: 'deploy'.repeat(10),
})

let clock: SimulatedClock
let simulator: Simulator
let minted: string[]
let masked: string[]
let warnings: string[]
beforeEach(async () => {
  clock = new SimulatedClock(new VirtualClock())
  simulator = await startSimulator({ clock: clock.virtual })
  process.env['AWS_ENDPOINT_URL_STS'] = simulator.url
  ;[minted, masked, warnings] = [[], [], []]
})
afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_STS']
  await simulator.close()
})

function sources(changes: Partial<CredentialSources> = {}): CredentialSources {
  return {
    async mintToken(audience) {
      const token = await simulator.oidc.issue(audience)
      minted.push(token)
      return token
    },
    readToken: () => Promise.reject(new Error('no file was asked for')),
    ambient: () => Promise.reject(new Error('the machine was not asked for')),
    sessionTags: tags,
    mask: (secret) => void masked.push(secret),
    warn: (text) => void warnings.push(text),
    clock,
    signal: new AbortController().signal,
    ...changes,
  }
}

function identity(given: Record<string, string>): IdentityInputs {
  const values = new Map(Object.entries({ mode: 'deploy', service: 'web', ...given }))
  return parseInputs(values, { region: 'us-east-1' }).inputs.identity
}

/** Credentials for the inputs, and the principal that the simulator knows them as. */
async function become(given: Record<string, string>, changes: Partial<CredentialSources> = {}) {
  const credentials = await credentialsFor(identity(given), 'us-east-1', sources(changes))()
  return { credentials, principal: simulator.iam.principal(credentials.accessKeyId) }
}

async function refusal(
  given: Record<string, string>,
  changes: Partial<CredentialSources> = {},
): Promise<ActionError> {
  const error: unknown = await become(given, changes).catch((cause: unknown) => cause)
  if (error instanceof ActionError) return error
  throw new Error('it was not refused in our words', { cause: error })
}

function addRole(trustPolicy: TrustPolicy = gitHub): void {
  simulator.iam.addRole({ name: 'deployer', trustPolicy })
}

function newKey(name = 'ci') {
  const { accessKeyId, secretAccessKey } = simulator.iam.addUser({ name })
  const ambient = () => Promise.resolve({ accessKeyId, secretAccessKey })
  const given = { 'aws-access-key-id': accessKeyId, 'aws-secret-access-key': secretAccessKey }
  return { ambient, given, secretAccessKey }
}

const asked = () => simulator.requests.list().map(({ operation }) => operation)

describe('a role by the OIDC token', () => {
  it('is assumed without tags; token, secret and session token are masked', async () => {
    addRole()
    const { credentials, principal } = await become(role)
    expect(principal).toMatchObject({ roleArn, tags: {} })
    expect(masked).toEqual([minted[0], credentials.secretAccessKey, credentials.sessionToken])
    expect(credentials.expiration).toEqual(new Date(clock.virtual.now() + 3_600_000))
  })

  it('is limited by session policies', async () => {
    addRole()
    const document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'ecs:*', Resource: '*' }],
    }
    const managed = simulator.iam.addManagedPolicy('ours', document)
    const { principal } = await become({
      ...role,
      'inline-session-policy': JSON.stringify(document),
      'managed-session-policies': managed,
    })
    expect(principal?.sessionPolicies).toHaveLength(2)
  })

  it.each<[string, () => unknown, string]>([
    [
      'the trust policy',
      () => addRole(trustGitHub({ accountId: '1', subject: 'x' })),
      'role-not-assumable',
    ],
    ['a missing provider', () => simulator.sts.providers.splice(0), 'oidc-provider-missing'],
    ['the region', () => simulator.sts.disabledRegions.add('us-east-1'), 'sts-region-disabled'],
  ])('that %s refuses is asked for once', async (_what, spoil, code) => {
    spoil()
    const startMs = clock.monotonicMs()
    expect((await refusal(role)).code).toBe(code)
    expect(asked()).toEqual(['AssumeRoleWithWebIdentity'])
    expect(clock.monotonicMs()).toBe(startMs)
  })

  it('is told with the token that was really sent, and never the token', async () => {
    simulator.oidc.subjectFormat = 'immutable'
    addRole()
    const { message, remedy } = await refusal(role)
    expect(remedy).toContain('"repo:octo-org@65/octo-repo@74:ref:refs/heads/main"')
    expect(remedy).toContain('"repo:octo-org/octo-repo:ref:refs/heads/main"')
    for (const part of minted.flatMap((token) => token.split('.'))) {
      expect(message + remedy).not.toContain(part)
    }
  })

  it.each([
    ['a provider that is slow', { error: 'IDPCommunicationError', status: 400 }],
    ['throttling', { throttle: true }],
    ['a server error', { error: 'InternalFailure' }],
    ['a lost connection', { reset: 'before' }],
  ] as const)('outlives %s, each attempt with a fresh token', async (_what, fault) => {
    addRole()
    simulator.faults.add([{ call: 'sts:AssumeRoleWithWebIdentity', first: 2, ...fault }])
    const startMs = clock.monotonicMs()
    expect((await become(role)).principal).toMatchObject({ roleArn })
    expect(new Set(minted).size).toBe(3)
    const restedMs = clock.monotonicMs() - startMs
    expect(restedMs).toBeGreaterThanOrEqual(1_500)
    expect(restedMs).toBeLessThanOrEqual(3_000)
  })

  it('outlives keys of the provider that cannot be fetched for a moment', async () => {
    addRole()
    simulator.oidc.keysReachable = false
    clock.onRest = () => void (simulator.oidc.keysReachable = true)
    expect((await become(role)).principal).toMatchObject({ roleArn })
    expect(minted).toHaveLength(2)
  })

  it('gives up on a provider whose keys stay away', async () => {
    addRole()
    simulator.oidc.keysReachable = false
    expect((await refusal(role)).code).toBe('aws-unavailable')
    expect(minted).toHaveLength(4)
  })

  it('takes one more token where the first had expired on its way', async () => {
    addRole()
    const stale = await simulator.oidc.issue('sts.amazonaws.com', { exp: 1 })
    const tokens = [stale, await simulator.oidc.issue('sts.amazonaws.com')]
    const mintToken = () => Promise.resolve(tokens.shift() ?? '')
    expect((await become(role, { mintToken })).principal).toMatchObject({ roleArn })
  })

  it('does not rest on when the job is cancelled', async () => {
    addRole()
    simulator.oidc.keysReachable = false
    const cancel = new AbortController()
    clock.onRest = () => cancel.abort(new ActionError('cancelled', 'cancelled', 'Run again.'))
    expect((await refusal(role, { signal: cancel.signal })).code).toBe('cancelled')
    expect(minted).toHaveLength(1)
  })
})

describe('a role by the token of a file', () => {
  const given = { ...role, 'web-identity-token-file': 'token' }

  it('is assumed with what the file holds at each renewal', async () => {
    addRole()
    const read: string[] = []
    const readToken = async (path: string) => {
      read.push(path)
      return await simulator.oidc.issue('sts.amazonaws.com')
    }
    const provider = credentialsFor(identity(given), 'us-east-1', sources({ readToken }))
    const [first, second] = [await provider(), await provider()]
    expect(first.accessKeyId).not.toBe(second.accessKeyId)
    expect(read).toEqual(['token', 'token'])
    expect(minted).toEqual([])
  })

  it('is refused after two calls where the file is stale', async () => {
    addRole()
    const stale = await simulator.oidc.issue('sts.amazonaws.com', { exp: 1 })
    const startMs = clock.monotonicMs()
    const error = await refusal(given, { readToken: () => Promise.resolve(stale) })
    expect(error.code).toBe('web-identity-expired')
    expect(asked()).toHaveLength(2)
    expect(clock.monotonicMs() - startMs).toBeLessThanOrEqual(5_000)
  })
})

describe('a role by credentials', () => {
  it('is assumed with the keys that were given, tagged as configure-aws-credentials does', async () => {
    addRole(account)
    const { given, secretAccessKey } = newKey()
    const { credentials, principal } = await become({ ...role, ...given })
    expect(principal).toMatchObject({
      roleArn,
      tags: { GitHub: 'Actions', Repository: 'octo-org/octo-repo', Actor: 'octocat' },
    })
    expect(principal?.tags).toHaveProperty('Job')
    expect(masked).toEqual([secretAccessKey, credentials.secretAccessKey, credentials.sessionToken])
  })

  it('is chained from what the job has, never from its OIDC token', async () => {
    addRole(account)
    const { ambient } = newKey()
    const { principal } = await become({ ...role, 'role-chaining': 'true' }, { ambient })
    expect(principal).toMatchObject({ roleArn })
    expect(minted).toEqual([])
  })

  it.each([
    ['the external id that its trust policy wants', 'shared', { roleArn }],
    ['another external id', 'other', { code: 'role-not-assumable' }],
  ])('with %s ends as it must', async (_what, externalId, expected) => {
    const statements = account.Statement.map((statement) => ({
      ...statement,
      Condition: { StringEquals: { 'sts:ExternalId': 'shared' } },
    }))
    addRole({ ...account, Statement: statements })
    const given = { ...role, ...newKey().given, 'role-external-id': externalId }
    const result: unknown = await become(given).then(
      ({ principal }) => principal,
      (cause: unknown) => cause,
    )
    expect(result).toMatchObject(expected)
    expect(asked()).toEqual(['AssumeRole'])
  })

  it('leaves tags out, once and by name, where the session has no room for all', async () => {
    addRole(account)
    simulator.sts.packedSpaceBytes = 100
    const { principal } = await become({ ...role, ...newKey().given })
    expect(principal?.tags).toMatchObject({ GitHub: 'Actions', Repository: 'octo-org/octo-repo' })
    expect(principal?.tags).not.toHaveProperty('Job')
    expect(warnings).toEqual(['the session has no room for all its tags; left out: Job'])
  })

  it('is refused after two calls where there is no room without them either', async () => {
    addRole(account)
    simulator.sts.packedSpaceBytes = 10
    expect((await refusal({ ...role, ...newKey().given })).code).toBe('session-policy-refused')
    expect(asked()).toEqual(['AssumeRole', 'AssumeRole'])
  })

  it.each([
    ['false', { code: 'role-not-assumable' }],
    ['true', { roleArn, tags: {} }],
  ])('that may not be tagged, with role-skip-session-tagging %s', async (skip, expected) => {
    const statements = account.Statement.map((one) => ({ ...one, Action: 'sts:AssumeRole' }))
    addRole({ ...account, Statement: statements })
    const given = { ...role, ...newKey().given, 'role-skip-session-tagging': skip }
    const result: unknown = await become(given).then(
      ({ principal }) => principal,
      (cause: unknown) => cause,
    )
    expect(result).toMatchObject(expected)
  })

  it('of keys that AWS does not know is asked for once', async () => {
    addRole(account)
    const given = { 'aws-access-key-id': 'AKIAUNKNOWN', 'aws-secret-access-key': 'unknown' }
    expect((await refusal({ ...role, ...given })).code).toBe('credentials-invalid')
    expect(asked()).toHaveLength(1)
  })
})

describe('without a role', () => {
  it('keys are used as they are, masked', async () => {
    const { given, secretAccessKey } = newKey()
    expect((await become(given)).principal?.arn).toBe('arn:aws:iam::123456789012:user/ci')
    expect(masked).toEqual([secretAccessKey])
    expect(asked()).toEqual([])
  })

  it('what the job has is used', async () => {
    expect((await become({}, { ambient: newKey('machine').ambient })).principal?.arn).toBe(
      'arn:aws:iam::123456789012:user/machine',
    )
  })
})
