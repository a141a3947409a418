import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { LineSplitter } from '../../../simulator/github/runner/lines.ts'

const split = (chunks: readonly Buffer[]): string[] => {
  const splitter = new LineSplitter()
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()]
}

describe('LineSplitter', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['progress\r::error::x', ['progress', '::error::x']],
    ['\r\r\n\n', ['', '', '']],
    ['', []],
  ])('cuts %j', (text, lines) => {
    expect(split([Buffer.from(text)])).toEqual(lines)
  })

  it('cuts the same lines wherever the stream is cut into chunks, also inside a character', () => {
    const text = fc
      .array(fc.constantFrom('a', '\r', '\n', '\r\n', 'é', '€', '😀'))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (written, size) => {
        const bytes = Buffer.from(written)
        const count = Math.ceil(bytes.length / size)
        const chunks = Array.from({ length: count }, (_, n) =>
          bytes.subarray(n * size, (n + 1) * size),
        )
        const lines = written.split(/\r\n|\r|\n/)
        if (lines.at(-1) === '') lines.pop()
        expect(split(chunks)).toEqual(lines)
      }),
    )
  })
})
