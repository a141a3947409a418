import { describe, expect, it } from '@jest/globals'

import { parseDigest } from '../../../src/core/image/digest.ts'
import type { ImageSizes, PlatformSizes } from '../../../src/core/image/content/sizes.ts'
import { imageSection, platformsOutput, sizeLines } from '../../../src/core/report/image-summary.ts'
import { code } from '../../../src/core/report/markdown.ts'
import type { PlatformScan } from '../../../src/core/scan/scan-verdict.ts'
import { reportedImage } from '../../support/report-facts.ts'

const image = reportedImage()
const [amd64, arm64] = image.platforms
const size = (members: Partial<PlatformSizes>): PlatformSizes => ({
  platform: 'linux/amd64',
  digest: amd64?.digest ?? image.digest,
  compressedBytes: 12_345_678,
  unpackedBytes: 40_000_000,
  layerCount: 3,
  biggestLayers: [{ sizeBytes: 9_000_000, instruction: 'RUN npm ci | <b>' }],
  changeBytes: 1_500_000,
  ...members,
})
const sizes: ImageSizes = {
  platforms: [
    size({}),
    size({
      ...(arm64 && { platform: 'linux/arm64', digest: arm64.digest }),
      ...{ unpackedBytes: undefined, layerCount: 1, changeBytes: undefined },
    }),
  ],
  storedBytes: 2 ** 30,
}
const review = { digest: image.digest, sizes, scans: [] }

describe('sizeLines', () => {
  it('tell each platform in one line, and "unknown" for what is not known', () => {
    expect(sizeLines(sizes)).toEqual([
      'size of linux/amd64: 12.3 MB compressed, 40.0 MB unpacked, 3 layers, +1.5 MB against what runs',
      'size of linux/arm64: 12.3 MB compressed, unknown unpacked, 1 layer',
    ])
    expect(sizeLines(undefined)).toEqual([])
  })

  it('tell a size that may be more as the least', () => {
    const [line] = sizeLines({ ...sizes, platforms: [size({ unpackedAtLeast: true })] })
    expect(line).toContain(', at least 40.0 MB unpacked,')
  })

  it.each([
    [-2_000_000, '-2.0 MB'],
    [0, 'no change'],
  ])('tell a change of %d bytes as %s', (changeBytes, text) => {
    const [line] = sizeLines({ ...sizes, platforms: [size({ changeBytes })] })
    expect(line).toContain(`${text} against what runs`)
  })
})

describe('the image section', () => {
  it('is empty without an image', () => {
    expect(imageSection({ reviews: [review] })).toBe('')
  })

  it('names every repository that has a copy', () => {
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
    const registry = { host, accountId: '123456789012', region: 'eu-west-1' }
    const copied = { ...image, copies: [{ registry, name: 'team/app' }] }
    const place = code(`${host}/team/app`)
    expect(imageSection({ image: copied })).toContain(`The same bytes are in ${place}.`)
    expect(imageSection({ image })).not.toContain('The same bytes')
  })

  it('tells what was built from what was joined, and from what was there', () => {
    expect(imageSection({ image })).toContain('built and pushed by this run')
    const joined = imageSection({ image: { ...image, joined: true } })
    expect(joined).toContain('joined by this run of images that were in the registry')
    expect(joined).not.toContain('built')
    const found = imageSection({ image: { ...image, reused: true } })
    expect(found).toContain('was in the registry already')
  })

  it('tells cached steps of the very image that was built of them', () => {
    const web = { ...image, version: 'web' }
    const worker = { ...image, digest: parseDigest(`sha256:${'c'.repeat(64)}`) }
    const cacheShare = { cachedSteps: 3, steps: 4 }
    const images = new Map([
      ['web', web],
      ['worker', worker],
    ])
    const section = imageSection({ images, reviews: [{ ...review, cacheShare }] })
    expect(section.split('(3 of 4 steps from a cache)')).toHaveLength(2)
    const [ofWeb, ofWorker] = section.split('worker')
    expect(ofWeb).toContain('3 of 4')
    expect(ofWorker).not.toContain('3 of 4')
  })

  it('has sizes, biggest layers and the estimated cost, with nothing of the image as markup', () => {
    const section = imageSection({ image, reviews: [review] })
    expect(section).toContain('| not known | unknown | 1 |')
    expect(section).toContain('&#43;1.5 MB')
    expect(section).toContain('MB by RUN npm ci &#124; &lt;b&gt;')
    expect(section).toContain(
      'Storage of 1.1 GB: about $0.10 a month (estimate at the us-east-1 list price',
    )
  })

  it('tells nothing of the review of another image', () => {
    const other = { ...review, digest: parseDigest(`sha256:${'b'.repeat(64)}`) }
    expect(imageSection({ image, reviews: [other] })).toBe(imageSection({ image }))
  })

  it('has what the scans say of each platform', () => {
    const scans: readonly PlatformScan[] = [
      {
        ...{ platform: 'linux/amd64', digest: image.digest },
        verdict: {
          kind: 'scanned',
          counts: { critical: 1 },
          findings: [{ name: 'CVE-2026-1', severity: 'critical', packageName: 'a|b 1' }],
        },
      },
      {
        ...{ platform: 'linux/arm64', digest: image.digest },
        verdict: { kind: 'pending', why: 'PENDING' },
      },
      {
        ...{ platform: undefined, digest: image.digest },
        verdict: { kind: 'unavailable', why: 'FAILED' },
      },
    ]
    const section = imageSection({ image, reviews: [{ ...review, scans }] })
    expect(section).toContain('| 1 critical | CVE&#45;2026&#45;1 critical in a&#124;b 1 |')
    expect(section).toContain('| not finished: PENDING |')
    expect(section).toContain('| <code>the image</code> | not possible: FAILED |')
  })
})

describe('the output platforms', () => {
  it('gains the sizes that were measured', () => {
    expect(JSON.parse(platformsOutput(image, [review]))).toEqual({
      'linux/amd64': {
        ...{ digest: amd64?.digest, sizeBytes: 12_345_678 },
        ...{ unpackedBytes: 40_000_000, layers: 3 },
      },
      'linux/arm64': { digest: arm64?.digest, sizeBytes: 11_000_000, layers: 1 },
    })
  })

  it('marks an unpacked size that may be more', () => {
    const large = { ...sizes, platforms: [size({ unpackedAtLeast: true })] }
    expect(JSON.parse(platformsOutput(image, [{ ...review, sizes: large }]))).toMatchObject({
      'linux/amd64': { unpackedBytes: 40_000_000, unpackedAtLeast: true },
    })
  })
})
