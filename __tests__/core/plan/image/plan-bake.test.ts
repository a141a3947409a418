import { describe, expect, it } from '@jest/globals'
import type { GitFacts } from '../../../../src/core/buildx/source.ts'
import type { RepositoryFacts } from '../../../../src/core/image/repository/repository-facts.ts'
import { identifyImage } from '../../../../src/core/image/naming/tags.ts'
import { planBakedImages } from '../../../../src/core/plan/image/plan-bake.ts'
import { buildInputs } from '../../../support/build-inputs.ts'
import { commit, runContext } from '../../../support/run-context.ts'

const inputs = buildInputs()
const context = runContext()
const whole: GitFacts = {
  head: commit,
  tree: 'aaaa',
  committedAt: new Date('2026-11-22T08:00:00Z'),
  sendsRecords: false,
  uncommitted: [],
  unwatched: [],
  filtered: [],
  absentSubmodules: [],
  pointers: [],
}
const repository: RepositoryFacts = {
  repository: {
    registry: { host: 'host', accountId: '123456789012', region: 'us-east-1' },
    name: 'team/app',
  },
  mutability: { tagMutability: 'IMMUTABLE', exclusionFilters: [] },
  existing: new Map(),
  taken: new Map(),
}

const factsOf = (name: string, contexts: Record<string, string>, git: Partial<GitFacts>) => ({
  target: { name, members: { context: name, contexts }, wanted: name !== 'base' },
  source: {
    contextDirectory: `/workspace/${name}`,
    dockerfile: `/workspace/${name}/Dockerfile`,
    dockerfileText: 'FROM scratch\n',
    ignoreFileText: undefined,
    git: { ...whole, ...git },
  },
  platforms: inputs.platforms,
})

/** The fingerprints of `web`, which is built upon `base`, and of `worker`, which is not. */
function fingerprints(base: Partial<GitFacts>): readonly string[] {
  const identity = identifyImage(context, inputs.tagRules, new Date(0))
  const images = planBakedImages({
    ...{ inputs, context, cache: { kind: 'off' }, pullHosts: [] },
    pushed: [factsOf('web', { base: 'target:base' }, {}), factsOf('worker', {}, {})].map(
      (facts) => ({ ...facts, identity, repository }),
    ),
    linked: [factsOf('base', {}, base)],
  })
  expect(images.map(({ obstacles }) => obstacles)).toEqual([[], []])
  return images.map(({ fingerprint }) => fingerprint)
}

describe('the fingerprint of a target', () => {
  it.each<Partial<GitFacts>>([{ pointers: ['a'] }, { absentSubmodules: ['a'] }])(
    'takes up what the checkout did not fetch of what it is built upon: %j',
    (unfetched) => {
      const [web, worker] = fingerprints({})
      const [leanWeb, leanWorker] = fingerprints(unfetched)
      expect(leanWeb).not.toBe(web)
      expect(leanWorker).toBe(worker)
      expect(fingerprints(unfetched)).toEqual([leanWeb, leanWorker])
    },
  )

  it('is for whole checkouts what it was before parts of one counted', () => {
    expect(fingerprints({})).toEqual([
      '199c1f2a8e9332296bbea8e000b56ce1ab44fffafd54b0a2bf1178070eaef810',
      'e98edbe5ca2ba07b7087cbf615921e697ac5957ee0f35758fec79ff6a4cdf95d',
    ])
  })
})
