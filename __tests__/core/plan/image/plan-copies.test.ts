import { describe, expect, it } from '@jest/globals'

import { parseDigest } from '../../../../src/core/image/digest.ts'
import type { PushedImage } from '../../../../src/core/image/image.ts'
import type { RepositoryFacts } from '../../../../src/core/image/repository/repository-facts.ts'
import type { SkipExisting } from '../../../../src/core/inputs/inputs.ts'
import { planCopies } from '../../../../src/core/plan/image/plan-copies.ts'
import { runContext } from '../../../support/run-context.ts'

const one = parseDigest(`sha256:${'1'.repeat(64)}`)
const other = parseDigest(`sha256:${'2'.repeat(64)}`)
const registry = { host: 'far', accountId: '123456789012', region: 'eu-west-1' }
const repository = { registry, name: 'team/app' }
const platforms = (['linux/amd64', 'linux/arm64'] as const).map((platform, index) => ({
  ...{ platform, digest: index === 0 ? one : other, sizeBytes: 1, annotations: {} },
}))

const source: PushedImage = {
  repository: { registry: { ...registry, host: 'near', region: 'us-east-1' }, name: 'team/app' },
  ...{ digest: one, platforms, tags: ['sha-1'], version: '1.2.3', commit: 'c', reused: true },
}
const holding = (digest: typeof one, lost = false) => ({
  ...{ digest, mediaType: '', manifest: '', annotations: {}, missing: [] },
  platforms: lost ? platforms.slice(1) : platforms,
})
const facts = (tags: Readonly<Record<string, ReturnType<typeof holding>>>): RepositoryFacts => ({
  repository,
  mutability: { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['free*'] },
  existing: new Map(Object.entries(tags)),
  taken: new Map(),
})
const plan = (
  copies: readonly RepositoryFacts[],
  existing: PushedImage | undefined,
  skipExisting: SkipExisting = 'auto',
) =>
  planCopies(
    {
      inputs: { skipExisting },
      context: runContext(),
      identity: {
        ...{ commit: 'c', version: '1.2.3', versionScheme: 'semver' },
        ...{ movingTags: [], recurringTags: [], prerelease: undefined, notes: [] },
        identityTags: ['sha-1', 'free-1'],
      },
      repository: facts({}),
      copies,
    },
    existing,
  )

describe('planning the copies of an image', () => {
  it.each([
    ['nothing of it is there', source, {}, undefined],
    ['the source is yet to be built', undefined, {}, undefined],
    ['the bytes are there', source, { 'sha-1': holding(one) }, ['sha-1']],
    ['they are there under a tag that moves', source, { 'free-1': holding(one) }, ['free-1']],
    ['a mutable tag names something else', source, { 'free-1': holding(other) }, undefined],
    ['a platform of them is gone', source, { 'sha-1': holding(one, true) }, undefined],
  ])('copies unless the bytes are there whole: %s', (_what, existing, tags, expected) => {
    const [copy] = plan([facts(tags)], existing)
    expect(copy?.repository).toEqual(repository)
    expect(copy?.existing?.tags).toEqual(expected)
  })

  it.each([
    ['the source has another', source, 'holds sha256:222222222222, but the source has sha256:111'],
    [
      'another is built',
      undefined,
      'holds sha256:222222222222, but the source has no proven image',
    ],
  ])('refuses an immutable tag that is taken where %s', (_what, existing, text) => {
    expect(() => plan([facts({ 'sha-1': holding(other) })], existing)).toThrow(
      expect.objectContaining({
        code: 'reuse-refused',
        message: expect.stringContaining(text),
      }),
    )
  })

  it('tells the clashes of all repositories at once', () => {
    const clash = facts({ 'sha-1': holding(other) })
    const further = { ...clash, repository: { ...repository, name: 'team/other' } }
    expect(() => plan([clash, further], source)).toThrow(/far\/team\/app.*far\/team\/other/)
  })

  it('leaves it to the registry where the proof is turned off', () => {
    expect(plan([facts({ 'sha-1': holding(other) })], undefined, 'false')).toHaveLength(1)
  })
})
