import { describe, expect, it } from '@jest/globals'
import {
  isPrerelease,
  versionSchemes,
  type VersionSchemeName,
} from '../../../../src/core/image/naming/version.ts'

describe('a scheme of versions', () => {
  it.each<[VersionSchemeName, string, string]>([
    ['semver', '1.2.3', '1.2.4'],
    ['semver', '1.2.3-rc.1', '1.2.3'],
    ['pep440', '1.2.3b2', '1.2.3'],
    ['pep440', '1.0', '1.0.post1'],
    ['pep440', '1.0.dev4', '1.0b1'],
    ['pep440', '1.9', '1!0.1'],
    ['pep440', '1.9.1', '2.0'],
    ['pep440', '1.2.3', '1.2.3.post1'],
  ])('%s orders %s before %s', (scheme, older, newer) => {
    expect(versionSchemes[scheme].compare(older, newer)).toBeLessThan(0)
  })

  it.each<[VersionSchemeName, string, boolean]>([
    ['semver', '1.2.3', false],
    ['semver', '1.2.3-rc.1', true],
    ['pep440', '1.2.3b2', true],
    ['pep440', '1.0.dev4', true],
    ['pep440', '1.0.post1', false],
  ])('%s knows whether %s is a prerelease', (scheme, version, prerelease) => {
    expect(isPrerelease({ version, scheme })).toBe(prerelease)
  })

  it.each(['main', 'sha-1234567', ''])('of either kind knows no version in "%s"', (text) => {
    const { semver, pep440 } = versionSchemes
    expect([semver.read(text), pep440.read(text)]).toEqual([undefined, undefined])
  })
})
