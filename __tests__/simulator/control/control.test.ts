import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

import { RealClock } from '../../../simulator/clock/real-clock.ts'
import { openAccount, type Account } from '../account.ts'

let account: Account
beforeEach(async () => {
  account = await openAccount()
})
afterEach(() => account.simulator.close())

function advance(body: string, url = account.simulator.url): Promise<Response> {
  return fetch(`${url}/_simulator/clock/advance`, { method: 'POST', body })
}

describe('the control routes', () => {
  it('WIRE-7 let virtual time pass, and run what falls due', async () => {
    const startMs = account.clock.now()
    const seen: number[] = []
    account.clock.schedule(90_000, () => seen.push(account.clock.now() - startMs))
    const answer = await advance('{"ms": 3600000.5}')
    expect(await answer.json()).toEqual({ nowMs: startMs + 3_600_000.5 })
    expect(seen).toEqual([90_000])
  })

  it.each(['', '{}', '{"ms": -1}', '{"ms": "1"}', '[]'])(
    'WIRE-7 do not take %j for a time',
    async (body) => {
      expect((await advance(body)).status).toBe(400)
    },
  )

  it('WIRE-7 cannot advance the real clock', async () => {
    const real = await openAccount({ clock: new RealClock() })
    try {
      expect((await advance('{"ms": 1}', real.simulator.url)).status).toBe(409)
    } finally {
      await real.simulator.close()
    }
  })

  it('WIRE-7 tell and forget the requests', async () => {
    const { url } = account.simulator
    await fetch(`${url}/v2/`)
    await fetch(`${url}/oidc/token?api-version=2.0`)
    const list = async (query: string): Promise<unknown> =>
      (await fetch(`${url}/_simulator/requests${query}`)).json()
    expect(await list('?service=registry')).toEqual({
      requests: [
        expect.objectContaining({
          service: 'registry',
          operation: 'CheckVersion',
          status: 401,
          errorCode: 'UNAUTHORIZED',
        }),
      ],
    })
    await fetch(`${url}/_simulator/requests`, { method: 'DELETE' })
    expect(await list('')).toEqual({ requests: [] })
  })

  it('WIRE-7 tell the state without a secret', async () => {
    const { simulator, administrator } = account
    simulator.ecr.registry.create('shop/api')
    const text = await (await fetch(`${simulator.url}/_simulator/state`)).text()
    expect(JSON.parse(text)).toMatchObject({
      nowMs: account.clock.now(),
      accountId: '123456789012',
      ecr: { repositories: [{ name: 'shop/api', tags: {} }] },
    })
    expect(text).toContain(administrator.accessKeyId)
    expect(text).not.toContain(administrator.secretAccessKey)
  })

  it('WIRE-7 tell the state as YAML, too', async () => {
    const { url } = account.simulator
    const yaml = await (await fetch(`${url}/_simulator/state?format=yaml`)).text()
    expect(parse(yaml)).toEqual(await (await fetch(`${url}/_simulator/state`)).json())
    expect(yaml).toContain('throttling: off')
  })

  it('WIRE-7 disturb a service, and refuse what is no disturbance', async () => {
    const disturb = async (body: unknown): Promise<readonly [number, string]> => {
      const url = `${account.simulator.url}/_simulator/disturb`
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
      return [answer.status, await answer.text()]
    }
    expect(await disturb({ kind: 'set-alarm', alarm: 'errors', state: 'ALARM' })).toEqual([204, ''])
    expect(await disturb({ kind: 'set-alarm', alarm: 'errors', state: 'LOUD' })).toEqual([
      400,
      expect.stringContaining('state is one of OK, ALARM'),
    ])
    expect(await disturb([])).toEqual([400, expect.stringContaining('an object with a `kind`')])
  })

  it('WIRE-7 are the only ones below their path', async () => {
    expect((await fetch(`${account.simulator.url}/_simulator/nothing`)).status).toBe(404)
  })
})
