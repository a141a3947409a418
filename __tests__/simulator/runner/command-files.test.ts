import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { parseKeyValues } from '../../../simulator/github/runner/command-files.ts'

const parse = (text: string): [string, string][] => {
  const pairs: [string, string][] = []
  parseKeyValues(text, (name, value) => pairs.push([name, value]))
  return pairs
}

describe('parseKeyValues', () => {
  it.each([
    [
      'a=1\n\nb=2=3',
      [
        ['a', '1'],
        ['b', '2=3'],
      ],
    ],
    ['a=x<<y\n', [['a', 'x<<y']]],
    ['a<<E\nE\n', [['a', '']]],
    ['a<<E\n\nx=1\nE', [['a', '\nx=1']]],
    ['a<<E=F\n1\nE=F\n', [['a', '1']]],
    ['a=1\r\n', [['a', '1\r']]],
    ['=x', [['', 'x']]],
  ])('reads %j', (text, pairs) => {
    expect(parse(text)).toEqual(pairs)
  })

  it.each([
    ['junk', "Invalid format 'junk'"],
    ['<<E\nx\nE', "Invalid format '<<E'. Name must not be empty and delimiter must not be empty"],
    ['a<<\nx\n', "Invalid format 'a<<'. Name must not be empty and delimiter must not be empty"],
    ['a<<E\nx\n', "Invalid value. Matching delimiter not found 'E'"],
    ['a<<E', "Invalid value. Matching delimiter not found 'E'"],
    ['a<<E\nx E', 'Invalid value. EOF marker missing new line.'],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message)
  })

  it('keeps the pairs before a fault', () => {
    const names: string[] = []
    expect(() => {
      parseKeyValues('a=1\njunk\nb=2\n', (name) => names.push(name))
    }).toThrow()
    expect(names).toEqual(['a'])
  })

  it('gives back any value written with a delimiter that is not in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '=', '<', '€') }), (value) => {
        expect(parse(`name<<ghadelimiter_1\n${value}\nghadelimiter_1\n`)).toEqual([['name', value]])
      }),
    )
  })
})
