import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { missingPlatforms } from '../../../../src/core/buildx/builder/missing-platforms.ts'
import type { Platform } from '../../../../src/core/image/platform.ts'

describe('missingPlatforms', () => {
  it.each<[Platform, readonly Platform[], boolean]>([
    ['linux/amd64', ['linux/amd64'], true],
    ['linux/amd64/v2', ['linux/amd64', 'linux/amd64/v2'], true],
    ['linux/amd64/v2', ['linux/amd64/v3'], true],
    ['linux/amd64/v4', ['linux/amd64', 'linux/amd64/v3'], false],
    ['linux/amd64', ['linux/amd64/v3'], true],
    ['linux/arm/v7', ['linux/arm'], true],
    ['linux/arm/v6', ['linux/arm/v7'], true],
    ['linux/arm', ['linux/arm/v6'], false],
    ['linux/arm/v7', ['linux/arm64'], false],
    ['linux/arm64', ['linux/amd64', 'linux/arm/v7'], false],
    ['linux/arm64/v9', ['linux/arm64'], false],
    ['linux/386', ['linux/amd64'], false],
    ['windows/amd64', ['linux/amd64', 'windows/amd64'], true],
    ['windows/amd64', ['linux/amd64'], false],
    ['linux/ppc64le/power9', ['linux/ppc64le'], false],
  ])('%s by %j: %s', (wanted, offered, runs) => {
    expect(missingPlatforms([wanted], offered)).toEqual(runs ? [] : [wanted])
  })

  const platform = fc.constantFrom<Platform>(
    'linux/amd64',
    'linux/amd64/v2',
    'linux/arm64',
    'linux/arm/v6',
    'linux/arm/v7',
    'linux/s390x',
    'windows/amd64',
  )

  it('never lacks what is offered by name, and never gains by less', () => {
    fc.assert(
      fc.property(fc.array(platform), fc.array(platform), platform, (wanted, offered, more) => {
        expect(missingPlatforms(offered, offered)).toEqual([])
        const missing = missingPlatforms(wanted, offered)
        const still = missingPlatforms(wanted, [...offered, more])
        expect(missing).toEqual(expect.arrayContaining([...still]))
      }),
    )
  })
})
