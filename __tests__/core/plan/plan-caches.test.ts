import { describe, expect, it } from '@jest/globals'
import type { CacheStore } from '../../../src/core/buildx/cache/store.ts'
import { cacheHosts } from '../../../src/core/buildx/cache/cache-hosts.ts'
import type { RepositoryFacts } from '../../../src/core/image/repository/repository-facts.ts'
import { identifyImage } from '../../../src/core/image/naming/tags.ts'
import type { BuildInputs } from '../../../src/core/inputs/inputs.ts'
import type { BuiltImagePlan } from '../../../src/core/plan/image/image-plan.ts'
import { planImage } from '../../../src/core/plan/image/plan-image.ts'
import { buildInputs } from '../../support/build-inputs.ts'
import { buildSettings } from '../../support/build-settings.ts'
import { registryImage } from '../../support/registry-image.ts'
import { commit, runContext } from '../../support/run-context.ts'

const registry = { host: 'host', accountId: '123456789012', region: 'us-east-1' }
const empty: RepositoryFacts = {
  repository: { registry, name: 'team/app' },
  mutability: { tagMutability: 'MUTABLE', exclusionFilters: [] },
  existing: new Map(),
  taken: new Map(),
}
const cacheIn = (host: string): CacheStore => ({
  kind: 'registry',
  repository: { registry: { ...registry, host }, name: 'team/cache' },
  mutability: empty.mutability,
})
const remote = 'https://github.com/octo/shop.git#main'

function plan(
  inputs: Partial<BuildInputs>,
  cache: CacheStore = { kind: 'off' },
  repository = empty,
): BuiltImagePlan {
  const context = runContext({ runAttempt: 2 })
  const source = {
    contextDirectory: inputs.context ?? '/workspace',
    dockerfile: 'Dockerfile',
    dockerfileText: inputs.context === undefined ? 'FROM scratch\n' : undefined,
    ignoreFileText: undefined,
    git: undefined,
  }
  const identity = identifyImage(context, buildInputs().tagRules, new Date(0))
  const basis = { context, identity, source, repository, cache, githubToken: 'ghs_1' }
  const more = { copies: [], pullHosts: [] }
  return planImage({ ...basis, ...more, inputs: buildInputs(inputs) })
}

describe('planImage with a cache', () => {
  it('hands its lines to buildx and its host to the login', () => {
    const planned = plan({}, cacheIn('caches'))
    const { cacheFrom, cacheTo } = planned.build.settings
    expect(cacheFrom).toEqual([expect.stringMatching(/^type=registry,ref=caches\/team\/cache:/)])
    expect(cacheTo).toHaveLength(1)
    expect(cacheHosts(planned).map(({ host }) => host)).toEqual(['caches'])
  })

  it('needs no further login where the cache is in the registry of the image', () => {
    expect(cacheHosts(plan({}, cacheIn('host')))).toEqual([])
    expect(cacheHosts(plan({}))).toEqual([])
  })

  it("keeps the user's lines where `cache` is off", () => {
    const settings = buildSettings({ cacheFrom: ['type=gha'], cacheTo: ['type=gha'] })
    const { build } = plan({ settings })
    expect(build.settings).toMatchObject({ cacheFrom: ['type=gha'], cacheTo: ['type=gha'] })
  })

  it('gives the image the same fingerprint with every cache', () => {
    expect(plan({}, cacheIn('caches')).fingerprint).toBe(plan({}).fingerprint)
  })
})

describe('planImage with a remote context', () => {
  it('never calls an image the same, and says why', () => {
    const first = plan({ context: remote })
    const image = registryImage({ fingerprint: first.fingerprint })
    const afterwards = { ...empty, existing: new Map([[`sha-${commit}`, image]]) }
    const again = plan({ context: remote }, { kind: 'off' }, afterwards)
    expect(again.existing).toBeUndefined()
    expect(again.reason).toMatch(/the context is remote/)
  })

  it('gives another URL another fingerprint', () => {
    const other = 'https://github.com/octo/shop.git#dev'
    expect(plan({ context: other }).fingerprint).not.toBe(plan({ context: remote }).fingerprint)
  })

  it('fetches it with the token of the job, which no other build gets', () => {
    expect(plan({ context: remote }).build.settings.secrets).toEqual([
      { kind: 'text', id: 'GIT_AUTH_TOKEN.github.com', text: 'ghs_1' },
    ])
    expect(plan({}).build.settings.secrets).toEqual([])
  })
})
