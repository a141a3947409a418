import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  canonicalJson,
  fingerprint,
  type BuildIngredients,
} from '../../../src/core/image/fingerprint.ts'

const base: BuildIngredients = {
  sourceTree: 'aaaa',
  dockerfile: 'FROM scratch\n',
  ignoreFile: undefined,
  target: undefined,
  platforms: ['linux/amd64', 'linux/arm64'],
  buildArguments: ['A=1', 'B=2'],
}

describe('fingerprint', () => {
  it('does not depend on the order of platforms', () => {
    const turned: BuildIngredients = { ...base, platforms: ['linux/arm64', 'linux/amd64'] }
    expect(fingerprint(turned)).toBe(fingerprint(base))
  })

  it.each<[string, Partial<BuildIngredients>]>([
    ['source tree', { sourceTree: 'bbbb' }],
    ['Dockerfile', { dockerfile: 'FROM scratch\n\n' }],
    ['ignore file', { ignoreFile: '' }],
    ['target', { target: 'runner' }],
    ['platforms', { platforms: ['linux/amd64'] }],
    ['build arguments', { buildArguments: ['A=1', 'B=3'] }],
    ['order of build arguments', { buildArguments: ['B=2', 'A=1'] }],
  ])('changes with the %s', (_name, change) => {
    expect(fingerprint({ ...base, ...change })).not.toBe(fingerprint(base))
  })

  it('is 64 hex digits', () => {
    expect(fingerprint(base)).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('canonicalJson', () => {
  it('gives equal objects one text, whatever the order of their members', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string()))
    fc.assert(
      fc.property(values, (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse())
        expect(canonicalJson({ in: [turned] })).toBe(canonicalJson({ in: [object] }))
      }),
    )
  })

  it('says the same as JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (object) => {
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)))
      }),
    )
  })
})
