import { Agent as PlainAgent, request as requestPlain, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, request as requestSecure } from 'node:https'

// Global fetch passes the proxy variables by; Node's agents honour them where they are given them.
const options = { keepAlive: true, maxSockets: 16, proxyEnv: process.env }
const agents = { plain: new PlainAgent(options), secure: new SecureAgent(options) }

export interface HttpRequest {
  /** Default: GET. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

/** Sends a request through the proxy that the job names. Redirects are not followed. */
export function sendRequest(url: URL, request: HttpRequest): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, signal } = request
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === 'http:'
        ? requestPlain(url, { method, headers, signal, agent: agents.plain }, resolve)
        : requestSecure(url, { method, headers, signal, agent: agents.secure }, resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}

/** @throws RangeError where there are more than `maxBytes`; else the network's error. */
export async function readBody(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer) {
    if (!(chunk instanceof Buffer)) continue
    length += chunk.length
    if (length > maxBytes) throw new RangeError(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
