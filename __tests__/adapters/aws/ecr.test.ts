import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createEcr } from '../../../src/adapters/aws/ecr.ts'
import { contentDigest } from '../../../src/core/image/content/verify.ts'
import { isDigest, parseDigest, type Digest } from '../../../src/core/image/digest.ts'
import type { Ecr } from '../../../src/ports/ecr.ts'
import { openRegistry, pushImage, type TestRegistry } from '../../support/test-registry.ts'

const app = { name: 'team/app', accountId: '123456789012' }
const forever = new AbortController().signal

let registry: TestRegistry
let ecr: Ecr
beforeEach(async () => {
  registry = await openRegistry()
  ecr = createEcr(registry.settings)
})
afterEach(async () => registry.close())

const digestOf = (text: string): Digest => {
  if (isDigest(text)) return text
  throw new TypeError(text)
}

describe('authorizationToken', () => {
  it('is what the registry itself lets in', async () => {
    const { username, password, expiresAt } = await ecr.authorizationToken()
    expect(username).toBe('AWS')
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const url = `${registry.simulator.registry.url}/v2/`
    expect((await fetch(url, { headers: { authorization } })).status).toBe(200)
    expect((await fetch(url)).status).toBe(401)
    const hours = (expiresAt.getTime() - registry.clock.now()) / 3_600_000
    expect(hours).toBeCloseTo(12, 1)
  })
})

describe('an answer of ECR that makes no sense', () => {
  const malformed = (operation: string, count: number) => {
    registry.simulator.faults.add([{ call: `ecr:${operation}`, malformed: true, first: count }])
  }
  const asked = (operation: string) => registry.simulator.requests.list('ecr', operation).length

  it.each([
    ['GetAuthorizationToken', () => ecr.authorizationToken()],
    ['DescribeRepositories', () => ecr.describeRepository('team/app')],
    ['BatchGetImage', () => ecr.readManifest(app, { tag: 'none' })],
  ])('to %s is asked for again, twice at most', async (operation, read) => {
    await registry.createRepository('team/app')
    malformed(operation, 2)
    await read()
    expect(asked(operation)).toBe(3)
    malformed(operation, 9)
    await expect(read()).rejects.toMatchObject({ name: 'AwsFailure', operation, ambiguous: true })
    expect(asked(operation)).toBe(6)
  })
})

describe('describeRepository', () => {
  it('tells host, account and how tags behave', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE_WITH_EXCLUSION', ['latest', 'main-*'])
    expect(await ecr.describeRepository('team/app')).toEqual({
      name: 'team/app',
      accountId: '123456789012',
      uri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app',
      tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      exclusionFilters: ['latest', 'main-*'],
    })
  })

  it('tells a repository that is not there by undefined, and other refusals by failing', async () => {
    expect(await ecr.describeRepository('team/none', '123456789012')).toBeUndefined()
    const stranger = createEcr(registry.settingsOfStranger)
    await expect(stranger.describeRepository('team/app')).rejects.toMatchObject({
      name: 'AwsFailure',
      operation: 'DescribeRepositories',
      denied: true,
    })
  })
})

describe('readManifest', () => {
  it('gives the very bytes of an index, by tag and by digest', async () => {
    await registry.createRepository('team/app')
    const pushed = await pushImage(registry, 'team/app', 'v1')
    const byTag = await ecr.readManifest(app, { tag: 'v1' })
    expect(byTag?.digest).toBe(pushed.digest)
    expect(contentDigest(byTag?.manifest ?? '')).toBe(pushed.digest)
    expect(byTag?.mediaType).toBe('application/vnd.oci.image.index.v1+json')
    expect(await ecr.readManifest(app, { digest: digestOf(pushed.digest) })).toEqual(byTag)
  })

  it('gives undefined for what is not there', async () => {
    await registry.createRepository('team/app')
    expect(await ecr.readManifest(app, { tag: 'none' })).toBeUndefined()
    const digest = contentDigest('none')
    expect(await ecr.readManifest(app, { digest })).toBeUndefined()
  })

  it('asks the registry of the account that is named', async () => {
    await registry.createRepository('team/app')
    await pushImage(registry, 'team/app', 'v1')
    const elsewhere = { name: 'team/app', accountId: '210987654321' }
    await expect(ecr.readManifest(elsewhere, { tag: 'v1' })).rejects.toMatchObject({
      code: 'RepositoryNotFoundException',
    })
  })

  it('fails where the repository is not there', async () => {
    await expect(ecr.readManifest(app, { tag: 'v1' })).rejects.toMatchObject({
      code: 'RepositoryNotFoundException',
    })
  })
})

describe('tagImage', () => {
  it('names an index by one more tag without changing a byte', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    await pushImage(registry, 'team/app', 'v1')
    const stored = await ecr.readManifest(app, { tag: 'v1' })
    if (stored === undefined) throw new Error('nothing stored')
    expect(await ecr.tagImage(app, stored, 'v2', forever)).toBe(stored.digest)
    expect(await ecr.readManifest(app, { tag: 'v2' })).toEqual(stored)
  })

  it.each(['MUTABLE', 'IMMUTABLE'])('may be done twice (%s)', async (mutability) => {
    await registry.createRepository('team/app', mutability)
    await pushImage(registry, 'team/app', 'v1')
    const stored = await ecr.readManifest(app, { tag: 'v1' })
    if (stored === undefined) throw new Error('nothing stored')
    expect(await ecr.tagImage(app, stored, 'v1', forever)).toBe(stored.digest)
  })

  it('is refused where an immutable tag names another image', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    await pushImage(registry, 'team/app', 'v1', { salt: 'one' })
    const { digest } = await pushImage(registry, 'team/app', 'v2', { salt: 'two' })
    const stored = await ecr.readManifest(app, { tag: 'v1' })
    if (stored === undefined) throw new Error('nothing stored')
    await expect(ecr.tagImage(app, stored, 'v2', forever)).rejects.toMatchObject({
      code: 'ImageTagAlreadyExistsException',
      owner: digest,
    })
  })
})

describe('tagsOf', () => {
  it('lists the tags of one image, and none of one that is not there', async () => {
    await registry.createRepository('team/app')
    const { digest } = await pushImage(registry, 'team/app', 'a')
    await pushImage(registry, 'team/app', 'b')
    await pushImage(registry, 'team/app', 'c', { salt: 'other' })
    const tags = await ecr.tagsOf(app, parseDigest(digest))
    expect(tags.toSorted()).toEqual(['a', 'b'])
    expect(await ecr.tagsOf(app, parseDigest(`sha256:${'0'.repeat(64)}`))).toEqual([])
  })
})

describe('newestTags', () => {
  it('lists the newest first and no more than asked for', async () => {
    await registry.createRepository('team/app')
    for (const tag of ['a', 'b', 'c']) {
      await pushImage(registry, 'team/app', tag, { salt: tag })
      registry.clock.advance(60_000)
    }
    expect(await ecr.newestTags(app, 2)).toEqual(['c', 'b'])
    expect(await ecr.newestTags(app, Number.POSITIVE_INFINITY)).toEqual(['c', 'b', 'a'])
  })
})
