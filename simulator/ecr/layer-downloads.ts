import { randomBytes, randomUUID } from 'node:crypto'

import type { Clock } from '../clock/clock.ts'
import type { Answer } from '../wire/answer.ts'
import type { Dispatch } from '../wire/dispatch.ts'
import type { HttpRequest } from '../wire/http-request.ts'
import type { Registry } from './store/registry.ts'
import { rangeOf } from './v2/blobs.ts'
import { RegistryError } from './v2/refusal.ts'

const LIFE_MS = 3600 * 1000

interface Download {
  readonly registry: Registry
  readonly repositoryName: string
  readonly digest: string
  readonly expiresAtMs: number
}

/** The presigned URLs that GetDownloadUrlForLayer gave out: whoever has one needs no login. */
export class LayerDownloads {
  readonly path = '/starport-layer-bucket'
  /** Where the bucket listens; the simulator's own address. */
  url = 'https://prod-starport-layer-bucket.s3.amazonaws.com'
  readonly #clock: Clock
  readonly #downloads = new Map<string, Download>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A URL for one blob, good for an hour. */
  issue(registry: Registry, repositoryName: string, digest: string): string {
    const signature = randomBytes(32).toString('hex')
    const expiresAtMs = this.#clock.now() + LIFE_MS
    this.#downloads.set(signature, { registry, repositoryName, digest, expiresAtMs })
    const query = `X-Amz-Expires=${String(LIFE_MS / 1000)}&X-Amz-Signature=${signature}`
    return `${this.url}${this.path}/${digest}?${query}`
  }

  /** Answers as S3 would: the blob or a range of it, or a refusal in XML. */
  answer(request: HttpRequest): Answer {
    const signature = request.url.searchParams.get('X-Amz-Signature') ?? ''
    const download = this.#downloads.get(signature)
    if (request.method !== 'GET' || !request.url.pathname.endsWith(`/${download?.digest ?? ''}`)) {
      return refusal(403, 'SignatureDoesNotMatch', 'The request signature does not match')
    }
    if (download === undefined) return refusal(403, 'AccessDenied', 'Access Denied')
    if (this.#clock.now() >= download.expiresAtMs) {
      return refusal(403, 'AccessDenied', 'Request has expired')
    }
    return blobAnswer(download, request)
  }
}

/** The bucket as a front end of its own. */
export class LayerBucketFront {
  readonly path: string
  readonly #downloads: LayerDownloads
  readonly #dispatch: Dispatch

  constructor(downloads: LayerDownloads, dispatch: Dispatch) {
    this.path = downloads.path
    this.#downloads = downloads
    this.#dispatch = dispatch
  }

  answer(request: HttpRequest): Promise<Answer> {
    const { method, url, headers } = request
    const { range } = headers
    const input = { method, path: url.pathname, ...(range !== undefined && { range }) }
    const subject = { requestId: randomUUID(), service: 'layers', operation: 'GetObject', input }
    return this.#dispatch(subject, () => Promise.resolve(this.#downloads.answer(request)))
  }
}

function blobAnswer({ registry, repositoryName, digest }: Download, request: HttpRequest): Answer {
  const size = registry.blobs.size(digest)
  const isThere = registry.find(repositoryName)?.blobs.has(digest) === true
  if (size === undefined || !isThere) {
    return refusal(404, 'NoSuchKey', 'The specified key does not exist.')
  }
  try {
    const range = rangeOf(request.headers['range'], size)
    const headers = { 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' }
    if (range === undefined) {
      const whole = { ...headers, 'content-length': String(size) }
      return { status: 200, headers: whole, body: registry.blobs.read(digest) }
    }
    const { first, last } = range
    const part = {
      'content-length': String(last - first + 1),
      'content-range': `bytes ${String(first)}-${String(last)}/${String(size)}`,
    }
    return {
      status: 206,
      headers: { ...headers, ...part },
      body: registry.blobs.read(digest, range),
    }
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause
    return refusal(416, 'InvalidRange', 'The requested range is not satisfiable')
  }
}

function refusal(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body, errorCode: code }
}
