import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LineSplitter } from '../../../src/adapters/process/line-splitter.ts'

function split(chunks: readonly string[]): readonly string[] {
  const lines: string[] = []
  const splitter = new LineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return lines
}

describe('LineSplitter', () => {
  it.each([
    [['a\nb\n'], ['a', 'b']],
    [['a\r\nb'], ['a', 'b']],
    [['10%\r20%\r'], ['10%', '20%']],
    [
      ['a\r', '\nb'],
      ['a', 'b'],
    ],
    [
      ['a\r', '', '\nb'],
      ['a', 'b'],
    ],
    [
      ['a\r', 'b'],
      ['a', 'b'],
    ],
    [['\n\n'], ['', '']],
    [['a', 'b', 'c\n'], ['abc']],
    [[], []],
  ])('%j gives %j', (chunks, lines) => {
    expect(split(chunks)).toEqual(lines)
  })

  it('gives the same lines however the text is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n') })
    fc.assert(
      fc.property(text, fc.array(fc.nat(20)), (whole, cuts) => {
        const chunks: string[] = []
        let rest = whole
        for (const cut of cuts) {
          chunks.push(rest.slice(0, cut))
          rest = rest.slice(cut)
        }
        expect(split([...chunks, rest])).toEqual(split([whole]))
      }),
      { numRuns: 1000 },
    )
  })

  it('cuts a line that never ends', () => {
    const lines = split(['x'.repeat(200_000)])
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.join('')).toHaveLength(200_000)
  })
})
