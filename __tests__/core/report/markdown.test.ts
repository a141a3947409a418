import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { block, code, literal, table } from '../../../src/core/report/markdown.ts'
import { hostileText } from '../../support/hostile-text.ts'

/** What a browser shows of text with character references. */
function shown(html: string): string {
  return html
    .replaceAll(/&#(\d+);/g, (_all, number: string) => String.fromCodePoint(Number(number)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

describe('literal text', () => {
  it.each([
    ['a | b', 'a &#124; b'],
    ['<script>', '&lt;script&gt;'],
    ['**bold** `code`', '&#42;&#42;bold&#42;&#42; &#96;code&#96;'],
    ['one\ntwo', 'one two'],
    ['1. first', '1&#46; first'],
    ['version 1.2', 'version 1.2'],
    ['see www.example.com', 'see www&#46;example.com'],
  ])('of %j is %j', (text, markdown) => {
    expect(literal(text)).toBe(markdown)
  })

  it('shows what it was made of, on one line, and has no mark of Markdown or HTML in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const markdown = literal(text)
        expect(shown(markdown)).toBe(text.replaceAll(/\s+/g, ' '))
        expect(markdown.replaceAll(/&(?:#\d+|amp|lt|gt);/g, 'x')).not.toMatch(
          /[\\`*_{}[\]()#+!|~@:<>&\n\r-]|^ ?\d+\.|www\./i,
        )
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a table', () => {
  it('has one line a row and as many cells as its header, whatever the texts', () => {
    const row = fc.tuple(hostileText, hostileText)
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const cells = rows.map(([a, b]) => [literal(a), code(b)])
        const lines = table(['one', 'two'], cells).split(/\r\n|\r|\n/)
        expect(lines).toHaveLength(rows.length + 2)
        for (const line of lines) expect(line.split('|')).toHaveLength(4)
      }),
    )
  })
})

describe('a block', () => {
  it.each([
    [['plain'], 3],
    [['```'], 4],
    [['a ``` b ````` c'], 6],
    [['one\n```\n``````\ntwo'], 7],
    [['one\r``````'], 7],
    [[], 3],
  ])('of %j has a fence of %d', (lines, length) => {
    expect(block(lines).split('\n')[0]).toBe('`'.repeat(length))
  })

  it('is closed by its own last line and no other (CommonMark: fenced code blocks)', () => {
    fc.assert(
      fc.property(fc.array(hostileText), (texts) => {
        const [fence = '', ...lines] = block(texts).split(/\r\n|\r|\n/)
        const closing = lines.findIndex((line) => {
          const [, run = ''] = /^ {0,3}(`+)\s*$/.exec(line) ?? []
          return run.length >= fence.length
        })
        expect(closing).toBe(lines.length - 1)
      }),
      { numRuns: 1000 },
    )
  })
})
