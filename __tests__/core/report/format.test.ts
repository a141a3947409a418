import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { formatBytes, formatSeconds } from '../../../src/core/report/format.ts'

describe('durations', () => {
  it.each([
    [0, '0.0 s'],
    [12.34, '12.3 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 00 s'],
    [60, '1 min 00 s'],
    [65.4, '1 min 05 s'],
    [119.6, '2 min 00 s'],
    [3600, '60 min 00 s'],
  ])('of %d s read %j', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text)
  })

  it('never tell 60 seconds of a minute', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100_000, noNaN: true }), (seconds) => {
        const [, told] = /([\d.]+) s$/.exec(formatSeconds(seconds)) ?? []
        expect(Number(told)).toBeLessThan(60)
      }),
    )
  })
})

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [12_345_678, '12.3 MB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [1_500_000_000, '1.5 GB'],
    [2e15, '2000.0 TB'],
  ])('of %d bytes read %j', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it('never tell a thousand of a unit that has a greater one', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_000_000_000_000 }), (bytes) => {
        expect(Number.parseFloat(formatBytes(bytes))).toBeLessThan(1000)
      }),
    )
  })
})
