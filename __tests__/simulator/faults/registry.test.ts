import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import type { Fault } from '../../../simulator/faults/fault.ts'
import { createTlsIdentity } from '../../../simulator/wire/tls.ts'
import { openAccount, type Account } from '../account.ts'
import { imageOf } from '../ecr/image.ts'
import { RegistryClient } from '../ecr/registry-client.ts'
import { soon } from './soon.ts'

let account: Account
let registry: RegistryClient
beforeEach(async () => {
  account = await openAccount()
  account.simulator.ecr.registry.create('shop/api')
  const { accessKeyId } = account.administrator
  registry = RegistryClient.loggedIn(account.simulator, accessKeyId)
})
afterEach(() => account.simulator.close())

function add(...faults: readonly Fault[]): void {
  account.simulator.faults.add(faults)
}

async function beginUpload(): Promise<string> {
  const begun = await registry.request('POST', '/v2/shop/api/blobs/uploads/')
  return begun.headers.get('location') ?? ''
}

/** The bytes that an upload holds, as a client asks for them before it resumes. */
async function range(location: string): Promise<string | null> {
  return (await registry.request('GET', location)).headers.get('range')
}

const blob = Buffer.alloc(100_000, 'layer ')

describe('requests to the registry', () => {
  it('FAULT-13 are found by verb and path, with wildcards', async () => {
    add({ request: 'PUT /v2/shop/*/manifests/v?', status: 500 })
    const image = imageOf('linux/amd64')
    expect((await registry.push('shop/api', image, 'v1')).status).toBe(500)
    expect((await registry.push('shop/api', image, 'latest')).status).toBe(201)
    expect(account.simulator.faults.hits()).toMatchObject([{ operation: 'PutImage' }])
  })

  it('FAULT-13 are found by the name of the operation, too', async () => {
    add({ call: 'registry:PutImage', throttle: true })
    const answer = await registry.push('shop/api', imageOf('linux/amd64'), 'v1')
    expect([answer.status, await answer.json()]).toEqual([
      429,
      { errors: [{ code: 'TOOMANYREQUESTS', message: 'Rate exceeded' }] },
    ])
  })

  it('FAULT-14 a 5xx in mid-upload leaves the bytes before it, and the upload can go on', async () => {
    add({ request: 'PATCH /v2/*', nth: 1, status: 502, afterBytes: 40_000 })
    const location = await beginUpload()
    const broken = await registry.request('PATCH', location, { body: new Uint8Array(blob) })
    expect([broken.status, await range(location)]).toEqual([502, '0-39999'])
    const rest = new Uint8Array(blob.subarray(40_000))
    const headers = { 'content-range': '40000-99999' }
    await registry.request('PATCH', location, { body: rest, headers })
    const done = await registry.request('PUT', `${location}?digest=${digestOf(blob)}`)
    expect(done.status).toBe(201)
  })

  it('FAULT-14 a reset in mid-upload does the same without an answer', async () => {
    add({ request: 'PATCH /v2/*', nth: 1, reset: 'before', afterBytes: 10 })
    const location = await beginUpload()
    const body = new Uint8Array(blob)
    await expect(registry.request('PATCH', location, { body })).rejects.toThrow('fetch failed')
    expect(await range(location)).toBe('0-9')
  })

  it('FAULT-14 never commits, even when the body was shorter', async () => {
    add({ request: 'PUT /v2/*', nth: 1, status: 500, afterBytes: 1_000_000 })
    const location = await beginUpload()
    const target = `${location}?digest=${digestOf(blob)}`
    const answer = await registry.request('PUT', target, { body: new Uint8Array(blob) })
    expect([answer.status, await range(location)]).toEqual([500, '0-99999'])
  })

  it('FAULT-7 a reset ends a connection with TLS, too', async () => {
    const tls = await createTlsIdentity(['127.0.0.1'], Date.now())
    const other = await openAccount({ registry: { listen: '127.0.0.1:0', tls } })
    other.simulator.faults.add([{ request: 'GET /v2/', first: 1, reset: 'before' }])
    const get = async (): Promise<number | undefined> => {
      const asked = request(`${other.simulator.registry.url}/v2/`, { ca: tls.authority })
      asked.end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }
    try {
      await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' })
      expect(await get()).toBe(401)
    } finally {
      await other.simulator.close()
    }
  })

  it('FAULT-15 a slow link carries bodies at its pace on the simulator’s clock', async () => {
    add({ request: 'PATCH /v2/*', bytesPerSecond: 10_000 })
    const location = await beginUpload()
    const seen = { answered: false }
    const pending = registry.request('PATCH', location, { body: new Uint8Array(blob) })
    void pending.then(() => (seen.answered = true))
    await soon(() => account.simulator.faults.hits().length === 1)
    const startMs = account.clock.now()
    while (!seen.answered) {
      account.clock.advance(10)
      await range(location)
    }
    expect(account.clock.now() - startMs).toBeGreaterThanOrEqual(10_000)
    expect(await range(location)).toBe('0-99999')
  })

  it('FAULT-15 a slow link delivers the whole answer', async () => {
    const image = imageOf('linux/amd64')
    await registry.push('shop/api', image, 'v1')
    add({ request: 'GET /v2/*', bytesPerSecond: 100 })
    let text: string | undefined
    void registry
      .request('GET', '/v2/shop/api/manifests/v1')
      .then((answer) => answer.text())
      .then((whole) => (text = whole))
    while (text === undefined) {
      account.clock.advance(1000)
      await registry.request('HEAD', '/v2/')
    }
    expect(text).toBe(image.text)
  })

  it.each([401, 403] as const)(
    'FAULT-16 an expired login is a bare %i when asked for',
    async (status) => {
      add({ request: '* /v2/*', expiredLogin: status })
      expect((await registry.request('GET', '/v2/')).status).toBe(200)
      account.clock.advance(12 * 3600 * 1000)
      const answer = await registry.request('GET', '/v2/')
      expect([answer.status, await answer.text()]).toEqual([status, ''])
      expect(answer.headers.get('www-authenticate')).toBeNull()
      expect(account.simulator.faults.hits()).toMatchObject([{ occurrence: 2 }])
    },
  )
})
