import { describe, expect, it } from '@jest/globals'

import { defaultMutability } from '../../../../src/core/image/repository/default-mutability.ts'
import { isImmutable } from '../../../../src/core/image/repository/tag-mutability.ts'
import { tagRules } from '../../../support/tag-rules.ts'

describe('the tag mutability of a repository that is made', () => {
  it.each([
    [['type=sha,format=long', 'type=semver,pattern={{version}}'], [], 'IMMUTABLE', []],
    [['type=sha,format=long'], ['latest=true'], 'IMMUTABLE_WITH_EXCLUSION', ['latest']],
    [['type=semver,pattern={{major}}.{{minor}}'], [], 'IMMUTABLE_WITH_EXCLUSION', ['*.*']],
    [['type=semver,pattern=v{{major}}'], [], 'IMMUTABLE_WITH_EXCLUSION', ['v*']],
    [['type=schedule,pattern=nightly'], [], 'IMMUTABLE_WITH_EXCLUSION', ['nightly']],
    [["type=raw,value=on-{{date 'YYYYMMDD'}}"], [], 'IMMUTABLE_WITH_EXCLUSION', ['on-*']],
    [['type=ref,event=branch,prefix=b-'], [], 'IMMUTABLE_WITH_EXCLUSION', ['b-*']],
    [['type=ref,event=pr'], [], 'IMMUTABLE_WITH_EXCLUSION', ['pr-*']],
    [['type=edge'], [], 'IMMUTABLE_WITH_EXCLUSION', ['edge']],
    // Any name may move, and ECR has no filter that spares the others.
    [['type=sha,format=long', 'type=ref,event=branch'], [], 'MUTABLE', []],
    [['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `type=raw,value=${name}`), [], 'MUTABLE', []],
  ])('of the rules %p with %p is %s %p', (rules, flavor, tagMutability, exclusionFilters) => {
    expect(defaultMutability(tagRules(rules, flavor))).toEqual({ tagMutability, exclusionFilters })
  })

  it('keeps the tag of a commit fixed beside tags that move', () => {
    const rules = ['type=sha,format=long', 'type=semver,pattern=v{{major}}']
    const mutability = defaultMutability(tagRules(rules, ['latest=true']))
    expect(isImmutable(`sha-${'a'.repeat(40)}`, mutability)).toBe(true)
    expect(['v1', 'latest'].map((tag) => isImmutable(tag, mutability))).toEqual([false, false])
  })
})
