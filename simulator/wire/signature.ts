import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import type { Authorization } from './authorization.ts'

/** A request as Signature Version 4 signs it. */
export interface SignableRequest {
  readonly method: string
  /** Path and query as they travelled. */
  readonly target: string
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** Whether `authorization` is the signature of `request` under `secretAccessKey`. */
export function isSignedWith(
  secretAccessKey: string,
  request: SignableRequest,
  authorization: Authorization,
): boolean {
  const expected = Buffer.from(signatureOf(secretAccessKey, request, authorization))
  const given = Buffer.from(authorization.signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function signatureOf(
  secretAccessKey: string,
  request: SignableRequest,
  { date, region, service, signedHeaders }: Authorization,
): string {
  const scope = `${date}/${region}/${service}/aws4_request`
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'] ?? '',
    scope,
    sha256(canonicalRequest(request, signedHeaders)),
  ].join('\n')
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  return createHmac('sha256', key).update(stringToSign).digest('hex')
}

function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  const [path = '/', query = ''] = request.target.split('?', 2)
  const headers = signedHeaders.map((name) => {
    const value = (request.headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')
    return `${name}:${value}\n`
  })
  const parameters = query.split('&').filter((parameter) => parameter !== '')
  return [
    request.method,
    path,
    parameters.sort().join('&'),
    headers.join(''),
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n')
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
