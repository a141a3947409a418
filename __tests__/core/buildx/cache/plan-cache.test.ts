import { describe, expect, it } from '@jest/globals'
import {
  describeCache,
  planCache,
  planPlatformCaches,
  type CachedImage,
} from '../../../../src/core/buildx/cache/plan-cache.ts'
import { cacheScope } from '../../../../src/core/buildx/cache/scope.ts'
import type { CacheStore } from '../../../../src/core/buildx/cache/store.ts'
import { ActionError } from '../../../../src/core/errors/action-error.ts'
import { attributesOf } from '../../../../src/core/inputs/build/elements.ts'
import { runContext } from '../../../support/run-context.ts'

const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
const ecr = { host, accountId: '123456789012', region: 'us-east-1' }
const image: CachedImage = {
  repository: { registry: ecr, name: 'team/app' },
  context: '.',
  file: undefined,
  target: undefined,
  platforms: ['linux/amd64', 'linux/arm64'],
  movingTags: ['main'],
}
const event = { repository: { default_branch: 'main' } }
const onBranch = runContext({ event, ref: 'refs/heads/dev' })
const onTag = runContext({ event, ref: 'refs/tags/v1' })
const scope = (branch: string) => cacheScope('octo/shop', branch, image)
const uri = `${host}/team/cache`
const mutable = { tagMutability: 'MUTABLE', exclusionFilters: [] }
const registry: CacheStore = {
  kind: 'registry',
  repository: { registry: ecr, name: 'team/cache' },
  mutability: mutable,
}
const bucket: CacheStore = {
  kind: 's3',
  location: { bucket: 'caches', prefix: 'ci/app' },
  region: 'eu-west-1',
}

function failure(work: () => unknown): ActionError {
  try {
    work()
  } catch (error) {
    if (error instanceof ActionError) return error
  }
  throw new Error('it did not fail')
}

describe('planCache', () => {
  it('writes to ECR what ECR takes, and reads the own branch before the default one', () => {
    expect(planCache(registry, image, onBranch)).toEqual({
      from: [
        `type=registry,ref=${uri}:${scope('dev')}`,
        `type=registry,ref=${uri}:${scope('main')}`,
      ],
      to: [
        `type=registry,ref=${uri}:${scope('dev')},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
      ],
      host: ecr,
    })
  })

  it('gives S3 bucket, region, folder and name, and no credentials', () => {
    expect(planCache(bucket, image, onBranch)).toEqual({
      from: ['dev', 'main'].map(
        (branch) => `type=s3,region=eu-west-1,bucket=caches,prefix=ci/app/,name=${scope(branch)}`,
      ),
      to: [
        `type=s3,region=eu-west-1,bucket=caches,prefix=ci/app/,name=${scope('dev')},mode=max,ignore-error=true`,
      ],
      host: undefined,
    })
  })

  it("names scopes of GitHub's cache", () => {
    expect(planCache({ kind: 'gha' }, image, onBranch)).toEqual({
      from: [`type=gha,scope=${scope('dev')}`, `type=gha,scope=${scope('main')}`],
      to: [`type=gha,scope=${scope('dev')},mode=max,ignore-error=true`],
      host: undefined,
    })
  })

  it('finds an inline cache in the images that its moving tags name', () => {
    expect(planCache({ kind: 'inline' }, image, onTag)).toEqual({
      from: [`type=registry,ref=${host}/team/app:main`],
      to: ['type=inline'],
      host: undefined,
    })
  })

  it('gives an image that is pushed nowhere the scopes of one that is, and no inline cache', () => {
    const unpushed = { ...image, repository: undefined }
    const gha: CacheStore = { kind: 'gha' }
    expect(planCache(gha, unpushed, onBranch)).toEqual(planCache(gha, image, onBranch))
    const none = { from: [], to: [], host: undefined }
    expect(planCache({ kind: 'inline' }, unpushed, onBranch)).toEqual(none)
  })

  it('neither reads nor writes where it is off', () => {
    const none = { from: [], to: [], host: undefined }
    expect(planCache({ kind: 'off' }, image, onBranch)).toEqual(none)
  })

  it.each<[string, CacheStore, number]>([
    ['ECR', registry, 1],
    ['S3', bucket, 1],
    ["GitHub's cache, which runs of others can write", { kind: 'gha' }, 0],
  ])('writes nothing for a tag to %s', (_what, store, reads) => {
    const { from, to } = planCache(store, image, onTag)
    expect({ reads: from.length, to }).toEqual({ reads, to: [] })
  })

  it.each<[string, CacheStore]>([
    ['ECR', registry],
    ['S3', bucket],
    ['gha', { kind: 'gha' }],
  ])('lets no failure of an export to %s fail the image', (_what, store) => {
    for (const cache of planCache(store, image, onBranch).to) {
      expect(attributesOf(cache)).toContainEqual(['ignore-error', 'true'])
    }
  })

  it('refuses the repository of the image itself, however it was written', () => {
    const same: CacheStore = { ...registry, repository: { registry: ecr, name: 'team/app' } }
    expect(failure(() => planCache(same, image, onBranch))).toMatchObject({
      code: 'invalid-inputs',
      message: `cache-repository: "${host}/team/app" is \`repository\` itself`,
    })
  })

  it.each([
    ['IMMUTABLE', []],
    ['IMMUTABLE_WITH_EXCLUSION', ['other-*']],
    ['MUTABLE_WITH_EXCLUSION', ['cache-*']],
  ])('refuses %s tags (%j) to a run that writes', (tagMutability, exclusionFilters) => {
    const fixed: CacheStore = { ...registry, mutability: { tagMutability, exclusionFilters } }
    const error = failure(() => planCache(fixed, image, onBranch))
    expect(error.code).toBe('tag-immutable')
    expect(error.remedy).toContain('aws ecr put-image-tag-mutability --repository-name team/cache')
    expect(planCache(fixed, image, onTag).to).toEqual([])
  })

  it('takes a repository that exempts cache tags', () => {
    const mutability = { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['cache-*'] }
    expect(planCache({ ...registry, mutability }, image, onBranch).to).toHaveLength(1)
  })
})

describe('describeCache', () => {
  it.each<[CacheStore, string]>([
    [registry, `${uri}: reads "dev" and "main", writes "dev"`],
    [bucket, 's3://caches/ci/app: reads "dev" and "main", writes "dev"'],
    [{ kind: 'gha' }, 'GitHub\'s cache: reads "dev" and "main", writes "dev"'],
    [{ kind: 'inline' }, 'inline, in the image itself'],
    [{ kind: 'off' }, ''],
  ])('of %j', (store, text) => {
    expect(describeCache(store, onBranch)).toBe(text)
  })

  it('says why a release goes without', () => {
    expect(describeCache({ kind: 'gha' }, onTag)).toMatch(/^off for a release/)
    expect(describeCache(registry, onTag)).toBe(`${uri}: reads "main", writes none`)
  })
})

describe('planPlatformCaches', () => {
  it.each<[string, CacheStore]>([
    ['ECR', registry],
    ['S3', bucket],
    ["GitHub's cache", { kind: 'gha' }],
  ])('gives each platform in %s what a job that builds it alone has', (_where, store) => {
    const alone = image.platforms.map((platform) => {
      const { from, to } = planCache(store, { ...image, platforms: [platform] }, onBranch)
      return { platform, from, to }
    })
    const planned = planPlatformCaches(store, image, onBranch)
    expect(planned).toEqual(alone)
    const names = [...planned.flatMap(({ to }) => to), ...planCache(store, image, onBranch).to]
    expect(new Set(names).size).toBe(3)
  })

  it.each<[string, CacheStore, CachedImage]>([
    ['is off', { kind: 'off' }, image],
    ['is in the image', { kind: 'inline' }, image],
    ['is of one platform', registry, { ...image, platforms: ['linux/arm64'] }],
  ])('gives none where the cache %s', (_why, store, about) => {
    expect(planPlatformCaches(store, about, onBranch)).toEqual([])
  })
})
