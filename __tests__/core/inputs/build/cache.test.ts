import { describe, expect, it } from '@jest/globals'
import { parseRepositoryReference } from '../../../../src/core/image/repository/repository.ts'
import {
  cacheNotices,
  readCache,
  type CacheInputs,
} from '../../../../src/core/inputs/build/cache.ts'
import { InputReader } from '../../../../src/core/inputs/reader.ts'

type Given = Readonly<Record<string, string>>
const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com'

function read(given: Given, release = 'team/app') {
  const reader = new InputReader(new Map(Object.entries(given)))
  const cache = readCache(reader, parseRepositoryReference(release))
  const problems = reader.problems.map(({ input, message }) => `${input} ${message}`)
  return { cache, problems, notices: cacheNotices(reader) }
}

const s3 = (bucket: string, prefix: string): CacheInputs => ({
  kind: 's3',
  location: { bucket, prefix },
})

describe('cache', () => {
  it.each<[Given, CacheInputs]>([
    [{}, { kind: 'off' }],
    [{ cache: 'off' }, { kind: 'off' }],
    [{ cache: 'gha' }, { kind: 'gha' }],
    [{ cache: 'inline' }, { kind: 'inline' }],
    [
      { cache: 'registry', 'cache-repository': 'team/cache' },
      { kind: 'registry', repository: { name: 'team/cache' } },
    ],
    [
      { cache: 'auto', 'cache-repository': 'team/cache' },
      { kind: 'registry', repository: { name: 'team/cache' } },
    ],
    [{ cache: 'auto', 'cache-repository': 's3://caches' }, s3('caches', '')],
    [{ cache: 's3', 'cache-repository': 's3://caches/ci/app/' }, s3('caches', 'ci/app')],
  ])('of %j is %j', (given, cache) => {
    expect(read(given)).toEqual({ cache, problems: [], notices: [] })
  })

  it.each<[Given, string]>([
    [{ cache: 'redis' }, 'cache is none of off, auto, registry, gha, s3, inline'],
    [{ cache: 'auto' }, 'cache-repository is missing; `cache: auto` keeps its cache there'],
    [
      { cache: 's3', 'cache-repository': 's3://UPPER/x' },
      'cache-repository is neither an ECR repository nor s3://bucket/prefix',
    ],
    [
      { cache: 'registry', 'cache-repository': 'docker.io/Team/cache' },
      'cache-repository is neither an ECR repository nor s3://bucket/prefix',
    ],
    [
      { cache: 'registry', 'cache-repository': 's3://caches' },
      'cache-repository is in S3; write `cache: s3`',
    ],
    [
      { cache: 's3', 'cache-repository': 'team/cache' },
      'cache-repository is an ECR repository; `cache: s3` needs s3://bucket/prefix',
    ],
    [
      { cache: 'auto', 'cache-repository': 'team/app' },
      'cache-repository is `repository` itself; caches need a repository of their own',
    ],
  ])('refuses %j', (given, problem) => {
    expect(read(given).problems).toEqual([problem])
  })

  it('refuses the release repository behind its host, and takes its name on another', () => {
    const given = { cache: 'registry', 'cache-repository': `${host}/team/app` }
    expect(read(given, `${host}/team/app`).problems).toHaveLength(1)
    expect(read(given, `${host.replace('1', '2')}/team/app`).problems).toEqual([])
  })

  it.each(['cache-from', 'cache-to'])('is off where %s is given, and says so', (name) => {
    expect(read({ cache: 'auto', [name]: 'type=gha' })).toEqual({
      cache: { kind: 'off' },
      problems: [],
      notices: ['cache: off, because `cache-from` or `cache-to` says which caches are used'],
    })
  })

  it.each(['off', 'gha', 'inline'])('says that %s needs no repository', (cache) => {
    expect(read({ cache, 'cache-repository': 'team/cache' }).notices).toEqual([
      `cache-repository: has no effect with \`cache: ${cache}\``,
    ])
  })
})
