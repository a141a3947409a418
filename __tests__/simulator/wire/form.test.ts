import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { parseForm } from '../../../simulator/wire/form.ts'
import { toXml } from '../../../simulator/wire/xml.ts'

describe('the query protocol’s form', () => {
  it('WIRE-3 reads members of lists and structures', () => {
    const body =
      'Action=AssumeRole&Version=2011-06-15&Tags.member.2.Key=b&Tags.member.1.Key=a&' +
      'Tags.member.1.Value=1+2&RoleArn=r'
    expect(parseForm(body)).toEqual({
      action: 'AssumeRole',
      version: '2011-06-15',
      input: { RoleArn: 'r', Tags: [{ Key: 'a', Value: '1 2' }, { Key: 'b' }] },
    })
  })

  it('WIRE-3 orders ten and more members by number', () => {
    const numbers = Array.from({ length: 12 }, (_, index) => String(index + 1))
    const body = numbers.map((number) => `L.member.${number}=${number}`).join('&')
    expect(parseForm(body).input).toEqual({ L: numbers })
  })

  it('WIRE-3 reads any form without touching a prototype', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (pairs) => {
        parseForm(new URLSearchParams([...pairs, ['__proto__.polluted', 'yes']]).toString())
        expect({}).not.toHaveProperty('polluted')
      }),
    )
  })

  it('WIRE-3 escapes what XML reserves', () => {
    expect(toXml('R', 'urn:x', { A: '<&">', L: ['1', '2'], N: null })).toBe(
      '<R xmlns="urn:x"><A>&lt;&amp;&quot;&gt;</A><L><member>1</member><member>2</member></L><N></N></R>\n',
    )
  })
})
