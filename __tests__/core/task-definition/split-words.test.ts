import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { splitWords } from '../../../src/core/task-definition/split-words.ts'

describe('splitting a command into words', () => {
  it.each<[string, readonly string[] | string]>([
    ['npm run start', ['npm', 'run', 'start']],
    ['  a \t b\n c ', ['a', 'b', 'c']],
    ['', []],
    [`sh -c 'echo "$HOME" \\n'`, ['sh', '-c', 'echo "$HOME" \\n']],
    [`"it's" 'say "a"'`, ["it's", 'say "a"']],
    [`"" ''`, ['', '']],
    [`--name="a b"c`, ['--name=a bc']],
    ['a\\ b \\"c\\\\', ['a b', '"c\\']],
    ['"\\$ \\` \\" \\\\ \\n"', ['$ ` " \\ \\n']],
    ['a \\\n  b', ['a', 'b']],
    ['"a\\\nb"', ['ab']],
    ['$A *.js ~ `x` | ; && > #y', ['$A', '*.js', '~', '`x`', '|', ';', '&&', '>', '#y']],
    [`'a`, 'an open single quote'],
    [`"a\\"`, 'an open double quote'],
    ['a\\', 'a backslash at its end'],
  ])('reads %j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  const words = fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '"', "'", '\\', '$') }))

  it('gives back every word that single quotes protect', () => {
    const quoted = (word: string) => `'${word.replaceAll("'", String.raw`'\''`)}'`
    fc.assert(
      fc.property(words, (list) => {
        expect(splitWords(list.map(quoted).join(' '))).toEqual(list)
      }),
    )
  })

  it('gives back every word that double quotes protect', () => {
    const quoted = (word: string) => `"${word.replaceAll(/["\\$]/g, String.raw`\$&`)}"`
    fc.assert(
      fc.property(words, (list) => {
        expect(splitWords(list.map(quoted).join('\t'))).toEqual(list)
      }),
    )
  })
})
