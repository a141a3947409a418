import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A whole HTTP answer as data, so that one place can look at it, delay it or spoil it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Readable
  /** The code of the refusal, for the request log. */
  readonly errorCode?: string
  /** The name of the fault that made or spoilt it, for the request log. */
  readonly fault?: string
  /** The connection breaks: before a byte is sent, or after so many bytes of the body. */
  readonly broken?: 'reset' | { readonly afterBytes: number }
}

/** Sends `answer`; a HEAD request gets its headers alone. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  const { body, broken } = answer
  if (broken === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  response.writeHead(answer.status, { ...lengthOf(body), ...answer.headers })
  if (broken !== undefined) {
    await sendPart(response, body, broken.afterBytes)
    return
  }
  if (typeof body === 'string' || body instanceof Uint8Array || body === undefined) {
    response.end(request.method === 'HEAD' ? undefined : body)
    return
  }
  if (request.method === 'HEAD') {
    body.destroy()
    response.end()
    return
  }
  await pipeline(body, response)
}

/** The headers promise the whole body; what follows are its first bytes, and the end. */
async function sendPart(
  response: ServerResponse,
  body: Answer['body'],
  afterBytes: number,
): Promise<void> {
  response.flushHeaders()
  let left = afterBytes
  for await (const chunk of chunksOf(body)) {
    const part = chunk.subarray(0, left)
    left -= part.byteLength
    // An error means that the client has gone, which is where this leads anyway.
    await new Promise<void>((written) => {
      response.write(part, () => {
        written()
      })
    })
    if (left <= 0) break
  }
  response.destroy()
}

/** The bytes of a body, as they come. */
export async function* chunksOf(body: Answer['body']): AsyncGenerator<Uint8Array> {
  if (body === undefined) return
  if (typeof body === 'string') yield Buffer.from(body)
  else if (body instanceof Uint8Array) yield body
  else for await (const chunk of body) yield bytesOf(chunk)
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  throw new TypeError('a body is made of bytes')
}

function lengthOf(body: Answer['body']): Record<string, string> {
  if (body === undefined) return { 'content-length': '0' }
  if (typeof body === 'string') return { 'content-length': String(Buffer.byteLength(body)) }
  return body instanceof Uint8Array ? { 'content-length': String(body.byteLength) } : {}
}

/** An answer of JSON text that is not an AWS operation's. */
export function jsonAnswer(value: unknown, status = 200): Answer {
  const headers = { 'content-type': 'application/json' }
  return { status, headers, body: `${JSON.stringify(value)}\n` }
}

/** A request body was longer than the limit of its endpoint. */
export class BodyTooLarge extends Error {}

/** The whole body; throws {@link BodyTooLarge} beyond `limitBytes`. */
export async function readBody(body: AsyncIterable<unknown>, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    const bytes = bytesOf(chunk)
    length += bytes.byteLength
    if (length > limitBytes) throw new BodyTooLarge(`more than ${String(limitBytes)} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
