import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { Masks } from '../../../simulator/github/runner/masks.ts'

const masksOf = (...secrets: string[]): Masks => {
  const masks = new Masks()
  for (const secret of secrets) masks.add(secret)
  return masks
}
const secret = `p&'"<s€cret>/+`

describe('Masks', () => {
  it.each([
    ['as it is', secret],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64 after two bytes', Buffer.from(`ab${secret}`).toString('base64')],
    ['base64 after four bytes', Buffer.from(`AWS:${secret}`).toString('base64')],
    ['JSON', JSON.stringify({ key: secret })],
    ['URI data', encodeURIComponent(secret).replace("'", '%27')],
    ['XML', 'p&amp;&apos;&quot;&lt;s€cret&gt;/+'],
    ['a quoted shell word', secret.replace('"', '\\"')],
  ])('masks a secret %s', (_, text) => {
    const masked = masksOf(secret).apply(`<${text}>`)
    expect(masked).toContain('***')
    expect(masked).not.toContain('cret')
  })

  it('makes one mask of secrets that overlap or touch', () => {
    expect(masksOf('abcd', 'cdef', 'ghij').apply('xabcdefghijx abcd')).toBe('x***x ***')
  })

  it('takes no secret from a blank one, and leaves other text alone', () => {
    const masks = masksOf('', 'hunter22')
    expect(masks.apply('hunter2 2')).toBe('hunter2 2')
    expect(masks.covers('hunter2 2')).toBe(false)
    expect(masks.covers('x hunter22 x')).toBe(true)
  })

  it('leaves no secret in any text', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', '%', '"'),
      minLength: 2,
      maxLength: 6,
    })
    fc.assert(
      fc.property(word, fc.array(word), (value, others) => {
        expect(masksOf(value).apply(others.join(value)).replaceAll('***', '\0')).not.toContain(
          value,
        )
      }),
    )
  })
})
