import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { errorOf } from './registry-client.ts'

const blob = randomBytes(100_000)
const digest = digestOf(blob)

describe.each(['in memory', 'on disk'])('blobs %s', (where) => {
  let account: EcrAccount
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'blobs-'))
    account = await openEcrAccount(where === 'on disk' ? { registry: { directory } } : {})
  })
  afterEach(async () => {
    await account.simulator.close()
    expect(await readdir(directory)).toEqual([])
    await rm(directory, { recursive: true })
  })

  const begin = async (query = ''): Promise<string> => {
    const answer = await account.docker.request('POST', `/v2/shop/api/blobs/uploads/${query}`)
    expect(answer.status).toBe(202)
    return answer.headers.get('location') ?? ''
  }
  const read = (headers: Record<string, string> = {}): Promise<Response> =>
    account.docker.request('GET', `/v2/shop/api/blobs/${digest}`, { headers })
  const bytes = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer())

  it('ECR-13 arrive in one request with the digest', async () => {
    const path = `/v2/shop/api/blobs/uploads/?digest=${digest}`
    const answer = await account.docker.request('POST', path, { body: blob })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('docker-content-digest')).toBe(digest)
    expect(answer.headers.get('location')).toBe(`/v2/shop/api/blobs/${digest}`)
    expect(await bytes(await read())).toEqual(blob)
  })

  it('ECR-13 arrive with the request that completes the upload', async () => {
    const location = await begin()
    const answer = await account.docker.request('PUT', `${location}?digest=${digest}`, {
      body: blob,
    })
    expect(answer.status).toBe(201)
    expect(await bytes(await read())).toEqual(blob)
  })

  it('ECR-13 arrive in chunks that follow each other', async () => {
    const location = await begin()
    const chunk = (first: number, last: number): Promise<Response> =>
      account.docker.request('PATCH', location, {
        body: blob.subarray(first, last + 1),
        headers: { 'content-range': `${String(first)}-${String(last)}` },
      })
    const first = await chunk(0, 29_999)
    expect(first.status).toBe(202)
    expect(first.headers.get('range')).toBe('0-29999')
    const again = await chunk(0, 29_999)
    expect(again.status).toBe(416)
    expect(again.headers.get('range')).toBe('0-29999')
    await chunk(30_000, 99_999)
    const state = await account.docker.request('GET', location)
    expect([state.status, state.headers.get('range')]).toEqual([204, '0-99999'])
    const done = await account.docker.request('PUT', `${location}?digest=${digest}`)
    expect(done.status).toBe(201)
    expect(await bytes(await read())).toEqual(blob)
  })

  it('ECR-13 are refused under a digest that is not theirs, and the upload is over', async () => {
    const location = await begin()
    const wrong = `${location}?digest=${digestOf('other')}`
    const answer = await account.docker.request('PUT', wrong, { body: blob })
    expect((await errorOf(answer)).slice(0, 2)).toEqual([400, 'DIGEST_INVALID'])
    const gone = await account.docker.request('GET', location)
    expect((await errorOf(gone)).slice(0, 2)).toEqual([404, 'BLOB_UPLOAD_UNKNOWN'])
    expect((await read()).status).toBe(404)
  })

  it('ECR-13 can be given up half-way', async () => {
    const location = await begin()
    await account.docker.request('PATCH', location, { body: blob })
    expect((await account.docker.request('DELETE', location)).status).toBe(204)
    expect((await account.docker.request('GET', location)).status).toBe(404)
  })

  it('ECR-14 are read whole, in part, or only asked for', async () => {
    await account.docker.pushBlob('shop/api', blob)
    const path = `/v2/shop/api/blobs/${digest}`
    const head = await account.docker.request('HEAD', path)
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '100000'])
    const part = await read({ range: 'bytes=10-19' })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/100000'])
    expect(await bytes(part)).toEqual(blob.subarray(10, 20))
    expect(await bytes(await read({ range: 'bytes=99990-' }))).toEqual(blob.subarray(99_990))
    expect(await bytes(await read({ range: 'bytes=-5' }))).toEqual(blob.subarray(-5))
    expect((await read({ range: 'bytes=100000-' })).status).toBe(416)
  })

  it('ECR-14 belong to the repository that they were pushed to', async () => {
    await account.docker.pushBlob('shop/api', blob)
    account.simulator.ecr.registry.create('shop/web')
    const answer = await account.docker.request('HEAD', `/v2/shop/web/blobs/${digest}`)
    expect(answer.status).toBe(404)
  })

  it.each([
    [false, 202],
    [true, 201],
  ])('ECR-20 are mounted from elsewhere if BLOB_MOUNTING is %s: %d', async (enabled, status) => {
    account.simulator.ecr.registry.blobMounting = enabled
    account.simulator.ecr.registry.create('shop/web')
    await account.docker.pushBlob('shop/api', blob)
    const path = `/v2/shop/web/blobs/uploads/?mount=${digest}&from=shop/api`
    expect((await account.docker.request('POST', path)).status).toBe(status)
    const there = await account.docker.request('HEAD', `/v2/shop/web/blobs/${digest}`)
    expect(there.status).toBe(enabled ? 200 : 404)
  })
})
