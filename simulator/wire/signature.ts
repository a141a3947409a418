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
  const key = signingKey(secretAccessKey, scope)
  return createHmac('sha256', key).update(stringToSign).digest('hex')
}

/** The keys of late: a client signs for a whole day with one, as SDKs keep it, too. */
const signingKeys = new Map<string, Buffer>()
const keysAtMost = 100

function signingKey(secretAccessKey: string, scope: string): Buffer {
  const name = `${secretAccessKey} ${scope}`
  const kept = signingKeys.get(name)
  if (kept !== undefined) return kept
  const secret = Buffer.from(`AWS4${secretAccessKey}`)
  const key = scope
    .split('/')
    .reduce((derived, part) => createHmac('sha256', derived).update(part).digest(), secret)
  if (signingKeys.size >= keysAtMost) signingKeys.clear()
  signingKeys.set(name, key)
  return key
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
