import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import {
  exceedsLimit,
  isWithin,
  parseSizeLimit,
  type LimitedPlatform,
} from '../../../../src/core/image/content/size-limit.ts'

describe('parseSizeLimit', () => {
  it.each([
    ['500', 500],
    ['1k', 1000],
    ['1Ki', 1024],
    ['500M', 500_000_000],
    ['500MB', 500_000_000],
    ['250 Mi', 262_144_000],
    ['1.5G', 1_500_000_000],
    ['1.5Gi', 1_610_612_736],
    ['2GiB', 2_147_483_648],
    ['0.5k', 500],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseSizeLimit(text)).toEqual({ bytes, text })
  })

  it.each([
    '',
    '0',
    '0M',
    '0.4',
    '-1M',
    '1K',
    '1m',
    '1KB',
    '1T',
    'M',
    '1,5G',
    '1e9',
    '500 M B',
    '1.',
    '9999999999999G',
  ])('does not take %p for a size', (text) => {
    expect(parseSizeLimit(text)).toBeUndefined()
  })

  it('multiplies whole numbers by their unit, and never loses a byte', () => {
    const units = { k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8_000_000 }),
        fc.constantFrom(...Object.entries(units)),
        (count, [unit, factor]) => {
          expect(parseSizeLimit(`${count}${unit}`)?.bytes).toBe(count * factor)
        },
      ),
    )
  })
})

const amd64: LimitedPlatform = {
  platform: 'linux/amd64',
  sizeBytes: 1001,
  biggestLayers: [
    { sizeBytes: 900, instruction: 'RUN npm ci' },
    { sizeBytes: 100, instruction: undefined },
  ],
}
const arm64: LimitedPlatform = { platform: 'linux/arm64', sizeBytes: 1000, biggestLayers: [] }
const limit = { bytes: 1000, text: '1k' }

describe('exceedsLimit', () => {
  it('lets pass what has exactly the limit', () => {
    expect(isWithin(limit, [arm64])).toBe(true)
    expect(exceedsLimit(limit, [arm64], 'h/web@d')).toBeUndefined()
  })

  it('names platform, size, limit and the biggest layers of what is larger, and nothing else', () => {
    const error = exceedsLimit(limit, [amd64, arm64], 'h/web@d')
    expect(error?.code).toBe('image-too-large')
    expect(error?.message).toBe(
      '"h/web@d" is larger than "1k" allows (1000 bytes compressed): linux/amd64 has 1001 bytes (1.0 kB)',
    )
    expect(error?.details).toEqual([
      'linux/amd64: 900 B by RUN npm ci',
      'linux/amd64: 100 B in one layer',
    ])
  })

  it('is an error exactly where a platform is not within the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000)), fc.integer({ min: 1, max: 2000 }), (sizes, bytes) => {
        const platforms = sizes.map((sizeBytes) => ({ ...arm64, sizeBytes }))
        const error = exceedsLimit({ bytes, text: String(bytes) }, platforms, 'x')
        expect(error === undefined).toBe(Math.max(0, ...sizes) <= bytes)
      }),
    )
  })
})
