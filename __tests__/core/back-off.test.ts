import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { backOffMs } from '../../src/core/back-off.ts'

describe('the rest before another attempt', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [5, 16_000],
    [6, 20_000],
    [40, 20_000],
  ])('after failure %i is %i ms at most, and half of that at least', (attempt, mostMs) => {
    expect(backOffMs(attempt, 1)).toBe(mostMs)
    expect(backOffMs(attempt, 0)).toBe(mostMs / 2)
  })

  it('is another one for those who were refused at the same moment', () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), chance, chance, (attempt, one, other) => {
        const [oneMs, otherMs] = [backOffMs(attempt, one), backOffMs(attempt, other)]
        expect(Math.abs(oneMs - otherMs)).toBeCloseTo(
          (Math.abs(one - other) * backOffMs(attempt, 1)) / 2,
        )
      }),
    )
  })
})
