import { describe, expect, it } from '@jest/globals'

import { parseDigest } from '../../../../src/core/image/digest.ts'
import { runningDigest } from '../../../../src/core/image/repository/running-reference.ts'
import {
  changeBytesOf,
  storageDollarsPerMonth,
  storedBytesOf,
  subjectsOf,
} from '../../../../src/core/image/content/sizes.ts'
import { pushedImage } from '../../../support/pushed-image.ts'

const digest = (digit: string) => parseDigest(`sha256:${digit.repeat(64)}`)
const blob = (digit: string, sizeBytes: number) => ({
  digest: digest(digit),
  mediaType: 'x',
  sizeBytes,
})

describe('sizes', () => {
  it('count a blob that platforms share once', () => {
    expect(storedBytesOf([blob('a', 5), blob('b', 7), blob('a', 5)])).toBe(12)
  })

  it('cost ten cents a month for a gibibyte', () => {
    expect(storageDollarsPerMonth(2 ** 30)).toBeCloseTo(0.1)
  })

  it('change against the same platform of what runs, and against no other', () => {
    const { platforms } = pushedImage(1)
    expect(changeBytesOf('linux/amd64', 11, platforms)).toBe(10)
    expect(changeBytesOf('linux/s390x', 11, platforms)).toBeUndefined()
    expect(changeBytesOf(undefined, 11, [])).toBeUndefined()
  })

  it('are those of the platforms, or of the lone manifest', () => {
    const image = pushedImage(1)
    expect(subjectsOf(image).map(({ platform }) => platform)).toEqual([
      'linux/amd64',
      'linux/arm64',
    ])
    expect(subjectsOf({ ...image, platforms: [] })).toEqual([
      { platform: undefined, digest: image.digest },
    ])
  })
})

describe('runningDigest', () => {
  const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
  const repository = {
    registry: { host, accountId: '123456789012', region: 'eu-central-1' },
    name: 'team/web',
  }
  const found = (...images: readonly string[]) =>
    runningDigest({ containerDefinitions: images.map((image) => ({ image })) }, repository)
  const pinned = `@${digest('a')}`

  it.each([
    ['by digest', [`${host}/team/web${pinned}`]],
    ['by tag and digest', [`${host}/team/web:v1${pinned}`]],
    ['behind a sidecar', ['nginx:1', `${host}/team/web${pinned}`]],
    [
      'at the FIPS host',
      [`123456789012.dkr.ecr-fips.eu-central-1.amazonaws.com/team/web${pinned}`],
    ],
  ])('is what a container runs %s', (_how, images) => {
    expect(found(...images)).toBe(digest('a'))
  })

  it.each([
    ['a tag alone', `${host}/team/web:v1`],
    ['another repository', `${host}/team/api${pinned}`],
    ['another account', `${host.replace('1234', '9934')}/team/web${pinned}`],
    ['another region', `${host.replace('central', 'west')}/team/web${pinned}`],
    ['Docker Hub', `nginx${pinned}`],
  ])('is not taken from %s', (_what, image) => {
    expect(found(image)).toBeUndefined()
  })
})
