import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { neutralise } from '../../../src/core/report/neutralise.ts'

/** Whether the runner would run a command in `text` (actions/runner ActionCommand.cs). */
function runsACommand(text: string): boolean {
  return text
    .split(/\r\n|\r|\n/)
    .some((line) => /^[\s\u0085\u200B-\u200D]*::/u.test(line) || line.includes('##['))
}

describe('neutralised text', () => {
  it.each([
    ['::set-output name=x::y', ': :set-output name=x::y'],
    ['  ::add-mask::x', '  : :add-mask::x'],
    ['a ##[error]b', 'a ## [error]b'],
    ['#12 0.3 ok\r::stop-commands::x', '#12 0.3 ok\n: :stop-commands::x'],
    [':::error::x', ': ::error::x'],
    ['std::vector', 'std::vector'],
    ['\u001B[31mred\u001B[0m', '\u001B[31mred\u001B[0m'],
    ['bell\u0007 and nul\u0000', 'bell and nul'],
  ])('turns %j into %j', (text, safe) => {
    expect(neutralise(text).join('\n')).toBe(safe)
  })

  it('holds no workflow command, whatever it was made from', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '::',
        '##[',
        '\r',
        '\n',
        ' ',
        '\t',
        ':',
        '#',
        '[',
        'error',
        '\u0000',
        '\u2028',
      ),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(runsACommand(neutralise(pieces.join('')).join('\n'))).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})
