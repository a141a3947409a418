import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'

import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { trustGitHub } from '../../../simulator/iam/trust-policy.ts'
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import { createAws } from '../../../src/adapters/aws/session.ts'
import { mintOidcToken } from '../../../src/adapters/github/oidc.ts'
import { ActionError } from '../../../src/core/errors/action-error.ts'
import { sessionTags } from '../../../src/core/identity/session-tags.ts'
import { parseInputs } from '../../../src/core/inputs/parse-inputs.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

const roleArn = 'arn:aws:iam::123456789012:role/deployer'
const tokenVariables = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'] as const

let clock: SimulatedClock
let simulator: Simulator
beforeEach(async () => {
  // Where GitHub's own client says what the runner is to mask.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  clock = new SimulatedClock(new VirtualClock(Date.now()))
  simulator = await startSimulator({ clock: clock.virtual })
  simulator.iam.addRole({
    name: 'deployer',
    trustPolicy: trustGitHub({ accountId: '123456789012', subject: 'repo:octo-org/octo-repo:*' }),
  })
  process.env['AWS_ENDPOINT_URL_STS'] = simulator.url
  for (const name of tokenVariables) process.env[name] = simulator.environment[name]
})
afterEach(async () => {
  jest.restoreAllMocks()
  for (const name of [...tokenVariables, 'AWS_ENDPOINT_URL_STS']) {
    Reflect.deleteProperty(process.env, name)
  }
  await simulator.close()
})

/** How a session of the role is refused, GitHub's token and all, by the real adapters. */
async function refusal(wanted = roleArn): Promise<ActionError> {
  const unused = (): never => {
    throw new Error('this test needs no such thing')
  }
  const aws = createAws({
    ...{ mintToken: mintOidcToken, readToken: unused, exportCredentials: unused },
    ...{ sessionTags: sessionTags({}), mask: () => undefined, warn: unused, clock },
  })
  const inputs = { mode: 'deploy', service: 'web', 'role-to-assume': wanted }
  const { identity } = parseInputs(new Map(Object.entries(inputs)), { region: 'us-east-1' }).inputs
  const error: unknown = await aws
    .open(identity, 'us-east-1', new AbortController().signal)
    .catch((cause: unknown) => cause)
  if (error instanceof ActionError) return error
  throw new Error('it was not refused in our words', { cause: error })
}

const calls = () => simulator.requests.list('sts').length
/** What STS answers from now on. */
function answer(error: string, message: string): void {
  const call = 'sts:AssumeRoleWithWebIdentity'
  simulator.faults.add([{ call, first: 9, status: 400, error, message }])
}

describe('what does not pass by itself', () => {
  it.each<[string, string, () => unknown]>([
    [
      'a trust policy for somebody else',
      'role-not-assumable',
      () => void (simulator.oidc.subjectFormat = 'immutable'),
    ],
    ['no provider', 'oidc-provider-missing', () => simulator.sts.providers.splice(0)],
    [
      'a region without STS',
      'sts-region-disabled',
      () => simulator.sts.disabledRegions.add('us-east-1'),
    ],
    [
      'a bad signature',
      'web-identity-refused',
      () => answer('InvalidIdentityToken', 'Invalid token signature'),
    ],
    [
      'a wrong audience',
      'oidc-audience-refused',
      () => answer('InvalidIdentityToken', 'Incorrect token audience'),
    ],
    [
      'a token that has expired',
      'web-identity-expired',
      () => answer('ExpiredTokenException', 'Token expired'),
    ],
    [
      'a claim that is rejected',
      'web-identity-expired',
      () => answer('IDPRejectedClaim', 'Rejected'),
    ],
    [
      'a denied call',
      'role-not-assumable',
      () => answer('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
    ],
    [
      'a broken session policy',
      'session-policy-refused',
      () => answer('MalformedPolicyDocument', 'Syntax error'),
    ],
    [
      'too long a session',
      'session-duration-refused',
      () =>
        answer(
          'ValidationError',
          'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
        ),
    ],
  ])('ends after two calls and five seconds at most: %s', async (_what, code, spoil) => {
    spoil()
    const startedAt = { virtualMs: clock.monotonicMs(), realMs: performance.now() }
    expect((await refusal()).code).toBe(code)
    expect(calls()).toBeLessThanOrEqual(2)
    const restedMs = clock.monotonicMs() - startedAt.virtualMs
    expect(restedMs + performance.now() - startedAt.realMs).toBeLessThanOrEqual(5_000)
  })

  it('ends at the first call where there is no such role', async () => {
    expect((await refusal(`${roleArn}-2`)).code).toBe('role-not-assumable')
    expect(calls()).toBe(1)
  })

  it("is explained by the token's own sub and aud, with the condition to write, and never the token", async () => {
    simulator.oidc.subjectFormat = 'immutable'
    const { message, remedy } = await refusal()
    const byId = 'repo:octo-org@65/octo-repo@74:ref:refs/heads/main'
    const byName = 'repo:octo-org/octo-repo:ref:refs/heads/main'
    expect(remedy).toContain(`The token's sub is "${byId}", its aud "sts.amazonaws.com"`)
    expect(remedy).toContain(`:sub": "${byId}"}`)
    expect(remedy).toContain(byName)
    expect(`${message} ${remedy}`).not.toMatch(/eyJ[\w-]{10}/)
  })
})

describe('a job that gets no token', () => {
  it('is told which permission is missing, and STS is not asked', async () => {
    for (const name of tokenVariables) Reflect.deleteProperty(process.env, name)
    const error = await refusal()
    expect(error).toMatchObject({ code: 'oidc-unavailable' })
    expect(error.remedy).toContain('id-token: write')
    expect(calls()).toBe(0)
  })

  it.each([400, 401, 403])('asks once where GitHub answers %i', async (status) => {
    simulator.faults.add([{ call: 'oidc:GetIdToken', first: 9, status }])
    expect(await refusal()).toMatchObject({ code: 'oidc-unavailable' })
    expect(simulator.requests.list('oidc')).toHaveLength(1)
    expect(calls()).toBe(0)
  })
})
