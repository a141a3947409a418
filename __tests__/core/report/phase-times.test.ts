import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { secondsCovered } from '../../../src/core/report/phase-times.ts'

const span = (startMs: number, endMs: number) => ({ startMs, endMs })

describe('the time of a phase', () => {
  it.each([
    ['nothing', [], 0],
    ['one stretch', [span(0, 1_500)], 1.5],
    ['stretches side by side, once', [span(0, 300_000), span(0, 300_000), span(0, 300_000)], 300],
    ['stretches that overlap, once', [span(0, 20_000), span(10_000, 40_000)], 40],
    ['a stretch within another, once', [span(5_000, 6_000), span(0, 10_000)], 10],
    ['stretches with a pause between them, without it', [span(0, 1_000), span(9_000, 10_000)], 2],
    ['stretches in whatever order they ended', [span(8_000, 9_000), span(0, 2_000)], 3],
  ])('is, of %s', (_what, spans, seconds) => {
    expect(secondsCovered(spans)).toBe(seconds)
  })

  it('is the number of moments that any stretch has', () => {
    const spans = fc.array(
      fc.tuple(fc.nat(60), fc.nat(20)).map(([startMs, lasts]) => span(startMs, startMs + lasts)),
    )
    fc.assert(
      fc.property(spans, (stretches) => {
        const moments = new Set<number>()
        for (const { startMs, endMs } of stretches) {
          for (let at = startMs; at < endMs; at += 1) moments.add(at)
        }
        expect(secondsCovered(stretches)).toBe(moments.size / 1000)
      }),
    )
  })
})
