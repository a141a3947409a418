import { describe, expect, it } from '@jest/globals'
import { schemeOf } from '../../../../src/core/image/naming/version.ts'

describe('schemeOf', () => {
  it.each([
    ['1.2.3', '1.2.4'],
    ['1.2.3-rc.1', '1.2.3'],
    ['1.2.3b2', '1.2.3'],
    ['1.0', '1.0.post1'],
    ['1.0.dev4', '1.0b1'],
    ['1.9', '1!0.1'],
  ])('orders %s before %s', (older, newer) => {
    expect(schemeOf(older)?.compare(older, newer)).toBeLessThan(0)
  })

  it.each([
    ['1.2.3', false],
    ['1.2.3-rc.1', true],
    ['1.2.3b2', true],
    ['1.0.dev4', true],
    ['1.0.post1', false],
  ])('knows whether %s is a prerelease', (version, prerelease) => {
    expect(schemeOf(version)?.isPrerelease(version)).toBe(prerelease)
  })

  it.each(['main', 'sha-1234567', ''])('knows no version in "%s"', (text) => {
    expect(schemeOf(text)).toBeUndefined()
  })
})
