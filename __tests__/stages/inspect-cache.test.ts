import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { CacheInputs } from '../../src/core/inputs/build/cache.ts'
import type { RepositorySettings } from '../../src/core/image/repository/repository-settings.ts'
import { inspectCache } from '../../src/stages/preflight/inspect-cache.ts'
import { RecordingReport } from '../support/recording-report.ts'
import {
  openRegistry,
  registryHost,
  sessionOf,
  type TestRegistry,
} from '../support/test-registry.ts'

let registry: TestRegistry
beforeEach(async () => {
  registry = await openRegistry()
})
afterEach(async () => registry.close())

const ports = { report: new RecordingReport(), signal: new AbortController().signal }
const inspect = (cache: CacheInputs, creation?: RepositorySettings) =>
  inspectCache(cache, creation, sessionOf(registry.settings), ports)

describe('inspectCache', () => {
  it('finds the repository of a cache and how it treats tags', async () => {
    await registry.createRepository('team/cache', 'IMMUTABLE_WITH_EXCLUSION', ['cache-*'])
    expect(await inspect({ kind: 'registry', repository: { name: 'team/cache' } })).toMatchObject({
      kind: 'registry',
      repository: {
        registry: { host: registryHost, accountId: '123456789012', region: 'us-east-1' },
        name: 'team/cache',
      },
      mutability: { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['cache-*'] },
    })
  })

  it('names a repository that is missing, and does not make it', async () => {
    const missing = inspect({ kind: 'registry', repository: { name: 'team/cache' } })
    await expect(missing).rejects.toMatchObject({
      code: 'repository-not-found',
      message:
        'cache-repository: repository "team/cache" does not exist in us-east-1 of account 123456789012',
      remedy: expect.stringContaining('or correct `cache-repository`'),
    })
  })

  it('leaves a repository that is missing to the push where a creation template covers it', async () => {
    const { registry: shared } = registry.simulator.ecr
    shared.templates.push({ prefix: 'team', appliedFor: ['CREATE_ON_PUSH'] })
    expect(await inspect({ kind: 'registry', repository: { name: 'team/cache' } })).toMatchObject({
      kind: 'registry',
      repository: { registry: { host: registryHost }, name: 'team/cache' },
      mutability: { tagMutability: 'MUTABLE' },
      creation: { kind: 'template', prefix: 'team' },
    })
  })

  it('takes a bucket to be where the session is', async () => {
    const location = { bucket: 'caches', prefix: 'ci' }
    const store = await inspect({ kind: 's3', location })
    expect(store).toEqual({ kind: 's3', location, region: 'us-east-1' })
  })

  it.each<CacheInputs>([{ kind: 'off' }, { kind: 'gha' }, { kind: 'inline' }])(
    'has nothing to find for %j',
    async (cache) => {
      expect(await inspect(cache)).toEqual(cache)
    },
  )
})
