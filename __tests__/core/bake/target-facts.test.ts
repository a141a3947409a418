import { describe, expect, it } from '@jest/globals'
import { attestsTarget, builtWith, cachesWrittenBy } from '../../../src/core/bake/target-facts.ts'

describe('attestsTarget', () => {
  it.each([
    [{ attest: ['type=provenance,mode=min'] }, true],
    [{ attest: ['type=provenance,disabled=true', 'type=sbom'] }, true],
    [{ attest: [{ type: 'sbom' }] }, true],
    [{ attest: ['type=provenance,disabled=true', { type: 'sbom', disabled: 'true' }] }, false],
    [{ attest: ['type=provenance,disabled=1'] }, false],
    [{ attest: [{ type: 'provenance', disabled: true }] }, false],
    [{ attest: ['type=provenance,disabled=0'] }, true],
    [{ attest: [] }, false],
    [{}, false],
  ])('of %j is %s', (members, attests) => {
    expect(attestsTarget(members)).toBe(attests)
  })
})

describe('builtWith', () => {
  it('tells what a call builds, each once, and none beside it', () => {
    const targets = new Map([
      ['web', { contexts: { b: 'target:base', c: 'docker-image://alpine' } }],
      ['worker', { contexts: { b: 'target:base' } }],
      ['base', { contexts: { d: 'target:deps', again: 'target:web' } }],
      ['deps', {}],
      ['other', {}],
    ])
    expect([...builtWith(['web', 'worker'], targets).keys()].sort()).toEqual([
      ...['base', 'deps', 'web', 'worker'],
    ])
    expect([...builtWith(['missing'], targets)]).toEqual([])
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
