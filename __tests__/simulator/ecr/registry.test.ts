import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { OCI_INDEX, OCI_MANIFEST } from '../../../simulator/ecr/store/media-types.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf, indexOf } from './image.ts'
import { errorOf, RegistryClient } from './registry-client.ts'

const amd64 = imageOf('linux/amd64')
const UNKNOWN_NAME =
  "The repository with name 'nowhere' does not exist in the registry with id '123456789012'"

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
})
afterEach(() => account.simulator.close())

describe('the registry’s login', () => {
  it.each(['', 'Basic bm90OnJpZ2h0', 'Bearer x'])(
    'ECR-11 challenges a client that says %j',
    async (authorization) => {
      const { url, host } = account.simulator.registry
      const answer = await fetch(`${url}/v2/`, { headers: { authorization } })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe(
        `Basic realm="https://${host}/",service="ecr.amazonaws.com"`,
      )
    },
  )

  it('ECR-11 accepts the password for 12 hours, then says that it has expired', async () => {
    account.clock.advance(12 * 3600 * 1000 - 1)
    expect((await account.docker.request('GET', '/v2/')).status).toBe(200)
    account.clock.advance(1)
    expect(await errorOf(await account.docker.request('GET', '/v2/'))).toEqual([
      403,
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    ])
  })

  it('ECR-11 denies what the password’s owner may not do', async () => {
    const { simulator } = account
    const reader = simulator.iam.addUser({ name: 'reader', allow: ['ecr:BatchGetImage'] })
    const docker = RegistryClient.loggedIn(simulator, reader.accessKeyId)
    const answer = await docker.request('POST', '/v2/shop/api/blobs/uploads/')
    expect(await errorOf(answer)).toEqual([
      403,
      'DENIED',
      'User: arn:aws:iam::123456789012:user/reader is not authorized to perform: ' +
        'ecr:InitiateLayerUpload on resource: ' +
        'arn:aws:ecr:us-east-1:123456789012:repository/shop/api because no identity-based policy ' +
        'allows the ecr:InitiateLayerUpload action',
    ])
  })
})

describe('a repository that does not exist', () => {
  it.each([
    ['POST', '/v2/nowhere/blobs/uploads/'],
    ['GET', '/v2/nowhere/manifests/v1'],
    ['PUT', '/v2/nowhere/manifests/v1'],
    ['GET', '/v2/nowhere/tags/list'],
  ])('ECR-12 is unknown to %s %s and stays so', async (method, path) => {
    const answer = await account.docker.request(method, path)
    expect(await errorOf(answer)).toEqual([404, 'NAME_UNKNOWN', UNKNOWN_NAME])
    expect(account.simulator.ecr.registry.find('nowhere')).toBeUndefined()
  })

  it.each([
    [[{ prefix: 'team', appliedFor: ['CREATE_ON_PUSH'] }], 201],
    [[{ prefix: 'ROOT', appliedFor: ['CREATE_ON_PUSH'] }], 201],
    [[{ prefix: 'team', appliedFor: ['REPLICATION'] }], 404],
    [[{ prefix: 'tea', appliedFor: ['CREATE_ON_PUSH'] }], 404],
  ] as const)('ECR-3 pushed to under the templates %j: %d', async (templates, status) => {
    account.simulator.ecr.registry.templates.push(...templates)
    expect((await account.docker.push('team/web', amd64, 'v1')).status).toBe(status)
  })

  it('ECR-3 is made by the template with the longest prefix', async () => {
    account.simulator.ecr.registry.templates.push(
      { prefix: 'ROOT', appliedFor: ['CREATE_ON_PUSH'] },
      { prefix: 'a/b', appliedFor: ['CREATE_ON_PUSH'], settings: { tagMutability: 'IMMUTABLE' } },
      { prefix: 'a', appliedFor: ['CREATE_ON_PUSH'] },
    )
    await account.docker.push('a/b/c', amd64, 'v1')
    const { settings } = account.simulator.ecr.registry.repository('a/b/c')
    expect(settings.tagMutability).toBe('IMMUTABLE')
  })
})

describe('manifests', () => {
  it('ECR-15 come back byte by byte under tag and digest', async () => {
    const pushed = await account.docker.push('shop/api', amd64, 'v1')
    expect(pushed.status).toBe(201)
    expect(pushed.headers.get('location')).toBe(`/v2/shop/api/manifests/${amd64.digest}`)
    for (const reference of ['v1', amd64.digest]) {
      const path = `/v2/shop/api/manifests/${reference}`
      const answer = await account.docker.request('GET', path)
      expect(await answer.text()).toBe(amd64.text)
      const head = await account.docker.request('HEAD', path)
      expect(Object.fromEntries(head.headers)).toMatchObject({
        'content-type': OCI_MANIFEST,
        'content-length': String(amd64.text.length),
        'docker-content-digest': amd64.digest,
      })
    }
  })

  it('ECR-15 are refused under a digest that is not theirs', async () => {
    await account.docker.push('shop/api', amd64)
    const other = imageOf('linux/arm64').digest
    const answer = await account.docker.putManifest('shop/api', amd64, other)
    expect((await errorOf(answer)).slice(0, 2)).toEqual([400, 'DIGEST_INVALID'])
  })

  it('ECR-6 are refused while their content is missing', async () => {
    const answer = await account.docker.putManifest('shop/api', amd64, 'v1')
    expect(await errorOf(answer)).toEqual([
      400,
      'MANIFEST_BLOB_UNKNOWN',
      expect.stringMatching(/^Layers with digests '\[sha256:.*\]' required for pushing image/),
    ])
    const index = indexOf({ 'linux/amd64': amd64 })
    expect(await errorOf(await account.docker.putManifest('shop/api', index, 'v1'))).toEqual([
      400,
      'MANIFEST_BLOB_UNKNOWN',
      `Images with digests '[${amd64.digest}]' required for pushing image into repository with ` +
        "name 'shop/api' in the registry with id '123456789012' do not exist",
    ])
  })

  it('ECR-16 that list layers as if they were manifests are refused: the old form of a cache', async () => {
    const [, layer] = amd64.blobs
    await account.docker.push('shop/api', amd64)
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          digest: `sha256:${'0'.repeat(64)}`,
          size: layer?.length,
        },
      ],
    })
    const cache = { text, mediaType: OCI_INDEX, digest: '', blobs: [] }
    const answer = await account.docker.putManifest('shop/api', cache, 'cache')
    expect((await errorOf(answer)).slice(0, 2)).toEqual([400, 'MANIFEST_INVALID'])
  })

  it('ECR-17 asked for under an impossible tag are a bad request', async () => {
    for (const method of ['HEAD', 'GET', 'PUT']) {
      const answer = await account.docker.request(method, '/v2/shop/api/manifests/1.0+build')
      expect(answer.status).toBe(400)
    }
    const unknown = await account.docker.request('HEAD', '/v2/shop/api/manifests/1.0')
    expect(unknown.status).toBe(404)
  })

  it('ECR-15 that are not UTF-8 are refused', async () => {
    const answer = await account.docker.request('PUT', '/v2/shop/api/manifests/v1', {
      body: Uint8Array.from([0x7b, 0xff, 0x7d]),
      headers: { 'content-type': OCI_MANIFEST },
    })
    expect((await errorOf(answer)).slice(0, 2)).toEqual([400, 'MANIFEST_INVALID'])
  })

  it('ECR-15 larger than 4 MiB are refused', async () => {
    const image = { ...amd64, text: ' '.repeat(4 * 1024 * 1024 + 1) }
    const answer = await account.docker.putManifest('shop/api', image, 'v1')
    expect(answer.status).toBe(413)
  })

  it('ECR-18 that refer to another are listed as its referrers', async () => {
    await account.docker.push('shop/api', amd64, 'v1')
    const subject = { mediaType: OCI_MANIFEST, digest: amd64.digest, size: amd64.text.length }
    const signature = imageOf('linux/amd64', 's', { subject, artifactType: 'text/signature' })
    const pushed = await account.docker.push('shop/api', signature)
    expect(pushed.headers.get('oci-subject')).toBe(amd64.digest)
    const list = async (query: string): Promise<unknown> => {
      const path = `/v2/shop/api/referrers/${amd64.digest}${query}`
      return (await account.docker.request('GET', path)).json()
    }
    expect(await list('')).toEqual({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          mediaType: OCI_MANIFEST,
          digest: signature.digest,
          size: signature.text.length,
          artifactType: 'text/signature',
        },
      ],
    })
    expect(await list('?artifactType=text/other')).toMatchObject({ manifests: [] })
  })
})

describe('tags', () => {
  it('ECR-19 are listed in order, page by page', async () => {
    await account.docker.push('shop/api', amd64, 'v2')
    for (const tag of ['v1', 'latest']) await account.docker.putManifest('shop/api', amd64, tag)
    const first = await account.docker.request('GET', '/v2/shop/api/tags/list?n=2')
    expect(await first.json()).toEqual({ name: 'shop/api', tags: ['latest', 'v1'] })
    expect(first.headers.get('link')).toBe('</v2/shop/api/tags/list?n=2&last=v1>; rel="next"')
    const second = await account.docker.request('GET', '/v2/shop/api/tags/list?n=2&last=v1')
    expect(await second.json()).toEqual({ name: 'shop/api', tags: ['v2'] })
    expect(second.headers.has('link')).toBe(false)
  })
})
