import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ActionError } from '../../../../src/core/errors/action-error.ts'
import { isBackwards, refuseFixedTags } from '../../../../src/core/image/naming/moving-tags.ts'
import type { RepositoryFacts } from '../../../../src/core/image/repository/repository-facts.ts'
import { contentDigest } from '../../../../src/core/image/content/verify.ts'

const owner = contentDigest('owner')

function facts(tagMutability: string, exclusionFilters: readonly string[] = []): RepositoryFacts {
  return {
    repository: {
      registry: { host: 'host', accountId: '123456789012', region: 'us-east-1' },
      name: 'team/app',
    },
    mutability: { tagMutability, exclusionFilters },
    existing: new Map(),
    taken: new Map([['latest', owner]]),
  }
}

/** @param once Moving tags that are new each time. */
function refusal(
  tags: readonly string[],
  repository: RepositoryFacts,
  digest: typeof owner | undefined,
  once: readonly string[] = [],
): ActionError | undefined {
  try {
    const recurringTags = tags.filter((tag) => !once.includes(tag))
    refuseFixedTags({ movingTags: tags, recurringTags }, repository, digest)
    return undefined
  } catch (error) {
    if (error instanceof ActionError) return error
    throw error
  }
}

describe('a moving tag that the repository keeps from moving', () => {
  it('is refused with the command that adds the exclusion filter', () => {
    const error = refusal(['1', 'latest'], facts('IMMUTABLE'), undefined, ['1'])
    expect(error).toMatchObject({ code: 'tag-immutable' })
    expect(error?.message).toContain('moving tag "latest" of "host/team/app" names sha256:')
    expect(error?.remedy).toContain(
      "--image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters filterType=WILDCARD,filter='latest')",
    )
  })

  it('is refused where it is free: the first image would have it for good', () => {
    const error = refusal(['1.2'], facts('IMMUTABLE'), undefined)
    expect(error?.message).toBe(
      'moving tag "1.2" of "host/team/app" would name this image for good: the repository keeps it from moving',
    )
    expect(error?.remedy).toContain("exclusion-filters filterType=WILDCARD,filter='1.2')")
  })

  it('is named with the setting to change where this run makes the repository', () => {
    const { repository, ...there } = facts('IMMUTABLE')
    const creation = { kind: 'template' as const, repository, prefix: 'team' }
    const error = refusal(['latest'], { ...there, repository, taken: new Map(), creation }, owner)
    expect(error?.remedy).toContain('Let the creation template "team" keep latest movable')
  })

  it('keeps the filters that are there', () => {
    const error = refusal(['latest'], facts('IMMUTABLE_WITH_EXCLUSION', ['dev-*']), undefined)
    expect(error?.remedy).toContain(
      "filterType=WILDCARD,filter='dev-*' filterType=WILDCARD,filter='latest'",
    )
  })

  it('names no command that ECR would refuse for too many filters', () => {
    const filters = ['a', 'b', 'c', 'd', 'e']
    const error = refusal(['latest'], facts('IMMUTABLE_WITH_EXCLUSION', filters), undefined)
    expect(error?.remedy).toContain('Add exclusion filters for latest to the repository (5 at most')
    expect(error?.remedy).not.toContain('aws ecr')
  })

  it('is named with the filter to take away where filters are what fixes it', () => {
    const error = refusal(['latest'], facts('MUTABLE_WITH_EXCLUSION', ['lat*']), undefined)
    expect(error?.remedy).toContain('Take the exclusion filters that match latest')
  })

  it('is none where it is free and new each time, as a date is', () => {
    expect(refusal(['20261122'], facts('IMMUTABLE'), undefined, ['20261122'])).toBeUndefined()
  })

  it.each<[string, RepositoryFacts, readonly string[], typeof owner | undefined]>([
    ['the repository is mutable', facts('MUTABLE'), ['latest'], undefined],
    ['a filter exempts it', facts('IMMUTABLE_WITH_EXCLUSION', ['lat*']), ['latest'], undefined],
    ['it names the image already', facts('IMMUTABLE'), ['latest'], owner],
  ])('is none where %s', (_why, repository, tags, digest) => {
    expect(refusal(tags, repository, digest)).toBeUndefined()
  })
})

describe('isBackwards', () => {
  it.each(['semver', 'pep440'] as const)('is true of one direction at most by %s', (scheme) => {
    const number = fc.integer({ min: 0, max: 3 })
    const version = fc.tuple(number, number, number).map((parts) => parts.join('.'))
    fc.assert(
      fc.property(version, version, (one, other) => {
        const there = isBackwards(one, other, scheme)
        expect([there, isBackwards(other, one, scheme)].filter(Boolean).length).toBe(
          one === other ? 0 : 1,
        )
      }),
    )
  })

  it('is never true of what has no version', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567'
    expect(isBackwards(commit, '1.0.0', undefined)).toBe(false)
    expect(isBackwards('1.0.0', undefined, 'semver')).toBe(false)
  })
})
