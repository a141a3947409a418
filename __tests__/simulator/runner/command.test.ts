import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { parseCommand } from '../../../simulator/github/runner/command.ts'

const known = new Set(['error', 'add-mask', 'group'])
const parse = (line: string) => {
  const command = parseCommand(line, (name) => known.has(name.toLowerCase()))
  return command && [command.name, Object.fromEntries(command.properties), command.data]
}

describe('parseCommand', () => {
  it.each([
    ['::error::broken', ['error', {}, 'broken']],
    ['  \t::error::broken', ['error', {}, 'broken']],
    ['::ERROR::broken', ['ERROR', {}, 'broken']],
    ['::error file=a b.ts,Line=3::x::y', ['error', { file: 'a b.ts', line: '3' }, 'x::y']],
    ['::error file=a%2Cb%3A,x=,=y=1==2::', ['error', { file: 'a,b:', y: '1==2' }, '']],
    ['::error::50%25 %0A%0D %250A', ['error', {}, '50% \n\r %0A']],
    ['::error::%3B%5D', ['error', {}, '%3B%5D']],
    ['#12 0.3 ##[error file=a;line=3]bad%3B%5D', ['error', { file: 'a', line: '3' }, 'bad;]']],
    ['::unknown::##[group]x', ['group', {}, 'x']],
  ])('reads %j', (line, command) => {
    expect(parse(line)).toEqual(command)
  })

  it.each([
    'text ::error::x',
    '::error',
    '::unknown::x',
    '##[error',
    '##[unknown]x',
    '',
    ':: error::x',
  ])('finds no command in %j', (line) => {
    expect(parse(line)).toBeUndefined()
  })

  it('gives back any data and any property that was escaped as @actions/core escapes it', () => {
    const escapeData = (text: string) =>
      text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
    const escapeProperty = (text: string) =>
      escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
    // A property that is blank, or begins with a sign of the grammar, does not survive the runner.
    const property = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `x${text}x`)
    fc.assert(
      fc.property(property, fc.string({ unit: 'binary' }), (title, data) => {
        const line = `::error title=${escapeProperty(title)}::${escapeData(data)}`
        expect(parse(line)).toEqual(['error', { title }, data])
      }),
    )
  })
})
