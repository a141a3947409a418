import type { Answer } from '../../wire/answer.ts'
import type { ByteRange } from '../store/blob-store.ts'
import { isDigest } from '../store/digest.ts'
import type { Registry } from '../store/registry.ts'
import { BASE_HEADERS, RegistryError } from './refusal.ts'
import type { HttpRequest } from '../../wire/http-request.ts'

/** HEAD and GET of a blob; GET serves one range where it is asked for. */
export function readBlob(
  registry: Registry,
  name: string,
  digest: string,
  request: HttpRequest,
): Answer {
  const repository = registry.repository(name)
  if (!isDigest(digest))
    throw new RegistryError(400, 'DIGEST_INVALID', `invalid digest '${digest}'`)
  const size = registry.blobs.size(digest)
  if (size === undefined || !repository.blobs.has(digest)) {
    throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
  }
  const range = rangeOf(request.headers['range'], size)
  const headers = {
    ...BASE_HEADERS,
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
  }
  const whole = { status: 200, headers: { ...headers, 'content-length': String(size) } }
  if (request.method === 'HEAD') return whole
  if (range === undefined) return { ...whole, body: registry.blobs.read(digest) }
  const { first, last } = range
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(last - first + 1),
      'content-range': `bytes ${String(first)}-${String(last)}/${String(size)}`,
    },
    body: registry.blobs.read(digest, range),
  }
}

/** One range in bytes; anything else in the header is passed over, as RFC 9110 allows. */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (first <= last) return { first, last }
  const headers = { 'content-range': `bytes */${String(size)}` }
  throw new RegistryError(416, 'RANGE_INVALID', 'the range is outside of the blob', headers)
}
