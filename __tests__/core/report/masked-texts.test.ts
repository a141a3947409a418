import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { maskedTexts } from '../../../src/core/report/masked-texts.ts'

describe('what is masked for a secret', () => {
  it.each([
    ['one line', 'pa$$word', ['pa$$word']],
    ['one line without a letter', '!?', ['!?']],
    ['one line with its line break', 'token\n', ['token']],
    ['JSON', '{\n  "key": "value"\n}\n', ['"key": "value"']],
    ['one line among blank ones', '\n  pass\n\n', ['pass']],
    ['Windows line breaks', 'a1\r\nb2', ['a1', 'b2']],
    ['nothing', '\n \n', []],
  ])('of %s', (_what, secret, masked) => {
    expect(maskedTexts(secret)).toEqual(masked)
  })

  it('is every line that has a letter or a digit', () => {
    const line = fc.string().filter((text) => !/[\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(line, { minLength: 2 }), (lines) => {
        const masked = maskedTexts(lines.join('\n'))
        const telling = lines.filter((text) => /[a-z0-9]/i.test(text)).map((text) => text.trim())
        expect(masked).toEqual(expect.arrayContaining(telling))
      }),
    )
  })
})
