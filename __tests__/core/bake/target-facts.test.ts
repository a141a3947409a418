import { describe, expect, it } from '@jest/globals'
import { attestsTarget, cachesWrittenBy } from '../../../src/core/bake/target-facts.ts'

describe('attestsTarget', () => {
  it.each([
    [{ attest: ['type=provenance,mode=min'] }, true],
    [{ attest: ['type=provenance,disabled=true', 'type=sbom'] }, true],
    [{ attest: [{ type: 'sbom' }] }, true],
    [{ attest: ['type=provenance,disabled=true', { type: 'sbom', disabled: 'true' }] }, false],
    [{ attest: [] }, false],
    [{}, false],
  ])('of %j is %s', (members, attests) => {
    expect(attestsTarget(members)).toBe(attests)
  })
})

describe('cachesWrittenBy', () => {
  it('tells them as values of a flag, however bake printed them', () => {
    const members = {
      'cache-to': ['host/cache:main', 'type=inline', { type: 'gha', scope: 'a,b' }],
    }
    expect(cachesWrittenBy(members)).toEqual([
      'host/cache:main',
      'type=inline',
      'type=gha,"scope=a,b"',
    ])
  })
})
