import { describe, expect, it } from '@jest/globals'
import { isImmutable } from '../../../../src/core/image/repository/tag-mutability.ts'

describe('isImmutable', () => {
  it.each([
    ['MUTABLE', [], 'v1', false],
    ['IMMUTABLE', [], 'v1', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['latest'], 'latest', false],
    ['IMMUTABLE_WITH_EXCLUSION', ['latest'], 'latest2', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['main-*'], 'main-7', false],
    ['IMMUTABLE_WITH_EXCLUSION', ['main-*'], 'xmain-7', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['*-dev'], 'a-dev', false],
    ['IMMUTABLE_WITH_EXCLUSION', ['a*b*c'], 'a1b2c', false],
    ['IMMUTABLE_WITH_EXCLUSION', ['a*b*c'], 'ac', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['ab*ba'], 'aba', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['a.c'], 'abc', true],
    ['MUTABLE_WITH_EXCLUSION', ['sha-*'], 'sha-1', true],
    ['MUTABLE_WITH_EXCLUSION', ['sha-*'], 'latest', false],
  ])('%s with filters %j: is %s fixed? %s', (tagMutability, exclusionFilters, tag, expected) => {
    expect(isImmutable(tag, { tagMutability, exclusionFilters })).toBe(expected)
  })
})
