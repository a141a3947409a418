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
}

/** Sends `answer`; a HEAD request gets its headers alone. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  const { body } = answer
  response.writeHead(answer.status, { ...lengthOf(body), ...answer.headers })
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
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a request body is made of bytes')
    length += chunk.byteLength
    if (length > limitBytes) throw new BodyTooLarge(`more than ${String(limitBytes)} bytes`)
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}
