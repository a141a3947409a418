import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { cacheScope, type CachedBuild } from '../../../../src/core/buildx/cache/scope.ts'

const build = {
  context: '.',
  file: undefined,
  target: undefined,
  platforms: ['linux/amd64', 'linux/arm64'],
} as const

const scopeOf = (branch: string, about: CachedBuild): string =>
  cacheScope('octo/shop', branch, about)

describe('cacheScope', () => {
  it('begins with the branch, so that a lifecycle policy can tell them apart', () => {
    expect(scopeOf('feature/a b', build)).toMatch(/^cache-feature-a-b-[0-9a-f]{16}$/)
  })

  it('is a tag that registries take, whatever the branch is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 250 }), (branch) => {
        expect(scopeOf(branch, build)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
      }),
    )
  })

  it('is never shared by two branches', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(scopeOf(one, build) === scopeOf(other, build)).toBe(one === other)
      }),
    )
    // Names that are readable alike.
    expect(scopeOf('a/b', build)).not.toBe(scopeOf('a-b', build))
  })

  it('does not depend on the order of the platforms', () => {
    const turned = { ...build, platforms: ['linux/arm64', 'linux/amd64'] } as const
    expect(scopeOf('main', turned)).toBe(scopeOf('main', build))
  })

  it.each([
    ['context', { context: 'app' }],
    ['Dockerfile', { file: 'docker/Release' }],
    ['target', { target: 'debug' }],
    ['set of platforms', { platforms: ['linux/amd64'] as const }],
  ])('is another one for another %s', (_what, difference) => {
    expect(scopeOf('main', { ...build, ...difference })).not.toBe(scopeOf('main', build))
  })

  it('is another one for another repository of GitHub', () => {
    expect(cacheScope('octo/other', 'main', build)).not.toBe(scopeOf('main', build))
  })
})
