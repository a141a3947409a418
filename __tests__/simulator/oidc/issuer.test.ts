import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRemoteJWKSet, jwtVerify } from 'jose'

import { openAccount, type Account } from '../account.ts'

let account: Account
beforeAll(async () => {
  account = await openAccount()
})
afterAll(() => account.simulator.close())

/** Asks as @actions/core does: the URL has a query already. */
async function askForToken(audience: string, token?: string): Promise<Response> {
  const { environment } = account.simulator
  const url = `${environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''}&audience=${audience}`
  const bearer = token ?? environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
  return fetch(url, { headers: { authorization: `Bearer ${bearer}` } })
}

async function claimsFor(audience: string): Promise<Record<string, unknown>> {
  const { value } = (await (await askForToken(audience)).json()) as { value: string }
  const discovery = `${account.simulator.url}/oidc/.well-known/openid-configuration`
  const { issuer, jwks_uri: keys } = (await (await fetch(discovery)).json()) as {
    issuer: string
    jwks_uri: string
  }
  const { payload } = await jwtVerify(value, createRemoteJWKSet(new URL(keys)), {
    issuer,
    audience,
    currentDate: new Date(account.clock.now()),
  })
  return payload
}

describe('GitHub’s issuer', () => {
  it('OIDC-1 publishes keys that verify its tokens', async () => {
    expect(await claimsFor('sts.amazonaws.com')).toMatchObject({
      iss: 'https://token.actions.githubusercontent.com',
      aud: 'sts.amazonaws.com',
      repository: 'octo-org/octo-repo',
      ref: 'refs/heads/main',
      sha: expect.stringMatching(/^[0-9a-f]{40}$/),
    })
  })

  it('OIDC-5 publishes no keys while they are unreachable, and old ones beside new ones on request', async () => {
    const keysUrl = `${account.simulator.url}/oidc/.well-known/jwks`
    const count = async () =>
      ((await (await fetch(keysUrl)).json()) as { keys: unknown[] }).keys.length
    const { oidc } = account.simulator
    oidc.keysReachable = false
    expect((await fetch(keysUrl)).status).toBe(503)
    oidc.keysReachable = true
    expect(await count()).toBe(1)
    await oidc.rotateKey({ keepPublished: true })
    expect(await count()).toBe(2)
    await oidc.rotateKey()
    expect(await count()).toBe(1)
  })

  it('OIDC-2 refuses a wrong request token', async () => {
    const answer = await askForToken('sts.amazonaws.com', 'guess')
    expect(answer.status).toBe(401)
    expect(account.simulator.requests.list('oidc').at(-1)).toMatchObject({
      operation: 'GetIdToken',
      input: { audience: 'sts.amazonaws.com' },
      status: 401,
    })
  })

  it('OIDC-3 lets a token live for 300 seconds', async () => {
    const claims = await claimsFor('x')
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(300)
    expect(Number(claims['iat']) * 1000).toBe(account.clock.now())
  })

  it.each([
    [{}, 'repo:octo-org/octo-repo:ref:refs/heads/main'],
    [{ ref: 'refs/tags/v1' }, 'repo:octo-org/octo-repo:ref:refs/tags/v1'],
    [{ environment: 'production' }, 'repo:octo-org/octo-repo:environment:production'],
    [{ eventName: 'pull_request' }, 'repo:octo-org/octo-repo:pull_request'],
  ])('OIDC-4 says of a job with %j that it is %s', async (job, subject) => {
    const { oidc } = account.simulator
    const usual = oidc.job
    oidc.job = { ...usual, ...job }
    const claims = await claimsFor('x')
    oidc.job = usual
    expect(claims['sub']).toBe(subject)
  })

  it('OIDC-4 writes ids into the immutable form of the subject', async () => {
    const { oidc } = account.simulator
    oidc.subjectFormat = 'immutable'
    const claims = await claimsFor('x')
    oidc.subjectFormat = 'name'
    expect(claims['sub']).toBe('repo:octo-org@65/octo-repo@74:ref:refs/heads/main')
  })
})
