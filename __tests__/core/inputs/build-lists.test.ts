import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { attributesOf, readElements, splitPair } from '../../../src/core/inputs/build/elements.ts'
import { InputReader } from '../../../src/core/inputs/reader.ts'

const elements = (text: string, blanks?: 'kept'): readonly string[] =>
  readElements(new InputReader(new Map([['labels', text]])), 'labels', blanks)

describe('a list that is not split at commas', () => {
  it.each<[string, string, readonly string[]]>([
    ['one element per line', 'a=1\nb=2', ['a=1', 'b=2']],
    ['commas and quotation marks inside', 'a={"x":"1, 2","y":3}', ['a={"x":"1, 2","y":3}']],
    ['empty lines, blanks and comments left out', '\n  a=1 \n# b=2\n\n', ['a=1']],
    ['a # that begins no line', 'a=1 #2', ['a=1 #2']],
    ['an element of several lines', '"a=1\n# 2\n\n3"\nb=4', ['a=1\n# 2\n\n3', 'b=4']],
    ['doubled quotation marks', '"a={""x"":""1""}"', ['a={"x":"1"}']],
    ['any line ends', 'a=1\r\nb=2\rc=3', ['a=1', 'b=2', 'c=3']],
    ['nothing', '', []],
  ])('may have %s', (_what, text, expected) => {
    expect(elements(text)).toEqual(expected)
  })

  it('keeps blanks at the end of a line where they count', () => {
    expect(elements('  a=1 \nb=2\t\nc=3', 'kept')).toEqual(['a=1 ', 'b=2\t', 'c=3'])
  })

  it('is refused while a quotation mark is open, without its text', () => {
    const reader = new InputReader(new Map([['secrets', '"a=hush']]))
    expect(readElements(reader, 'secrets')).toEqual([])
    expect(reader.problems).toEqual([
      { input: 'secrets', message: 'is not a list: a quotation mark is open' },
    ])
  })

  it('gives back whatever was quoted into it', () => {
    const values = fc.array(fc.string({ unit: 'grapheme' }).filter((text) => text.trim() !== ''))
    fc.assert(
      fc.property(values, (list) => {
        const written = list.map((value) => `"${value.replaceAll('"', '""')}"`).join('\n')
        expect(elements(written)).toEqual(list)
      }),
      { numRuns: 500 },
    )
  })
})

describe('splitPair', () => {
  it.each<[string, readonly [string, string] | undefined]>([
    ['a=b=c', ['a', 'b=c']],
    ['a', ['a', '']],
    ['=b', undefined],
    ['', undefined],
  ])('reads %j as %j', (text, expected) => {
    expect(splitPair(text)).toEqual(expected)
  })
})

describe('attributesOf', () => {
  it('reads what buildx would: quoted fields, keys in small letters', () => {
    expect(attributesOf('Type=local, "dest=a,b",x')).toEqual([
      ['type', 'local'],
      ['dest', 'a,b'],
      ['x', ''],
    ])
  })

  it.each(['type=local,"dest=x', 'type=local\ndest=x', ''])('does not read %j', (value) => {
    expect(attributesOf(value)).toBeUndefined()
  })
})
