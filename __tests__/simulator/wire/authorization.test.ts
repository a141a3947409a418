import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { parseAuthorization } from '../../../simulator/wire/authorization.ts'

const COMPLETE =
  'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/us-east-1/ecr/aws4_request, ' +
  'SignedHeaders=host;x-amz-date, Signature=abc123'

describe('the Authorization header', () => {
  it('WIRE-4 is read with or without spaces between its fields', () => {
    const parts = {
      accessKeyId: 'AKIAEXAMPLE',
      date: '20260101',
      region: 'us-east-1',
      service: 'ecr',
      signedHeaders: ['host', 'x-amz-date'],
      signature: 'abc123',
    }
    expect(parseAuthorization(COMPLETE)).toEqual(parts)
    expect(parseAuthorization(COMPLETE.replaceAll(', ', ','))).toEqual(parts)
  })

  it.each(['Credential=', 'SignedHeaders=', 'Signature=', 'AWS4-HMAC-SHA256', '/aws4_request'])(
    'WIRE-4 is incomplete without %s',
    (part) => {
      expect(parseAuthorization(COMPLETE.replace(part, ''))).toBeUndefined()
    },
  )

  it('WIRE-4 may be anything at all', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseAuthorization(text)).toBeUndefined()
        expect(parseAuthorization(`AWS4-HMAC-SHA256 ${text}`)).toBeUndefined()
      }),
    )
  })
})
