// Preloaded (--import) into the process of the action: notes the AWS API calls that it makes.
//
// Why here and not in a proxy: a Signature Version 4 covers the host, so a proxy would have to sign
// anew with credentials that are none of its business, and the calls compared would be its own.
// Here the endpoints, the TLS and every byte are what they are without it: Node tells of each
// request (node:diagnostics_channel), and this looks at what is written and what comes in.
//
// RECORD_EXCHANGES_TO names the file. It is written synchronously: the action ends by process.exit.
import { subscribe } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import { ClientRequest, IncomingMessage } from 'node:http'

import type { Captured } from '../../simulator/traces/captured.ts'

const path = process.env['RECORD_EXCHANGES_TO']
const requestBodies = new WeakMap<ClientRequest, Buffer[]>()

if (path !== undefined) {
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { readonly request: unknown }
    if (request instanceof ClientRequest) keepRequestBody(request)
  })
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as Readonly<Record<string, unknown>>
    if (!(request instanceof ClientRequest) || !(response instanceof IncomingMessage)) return
    if (isApiCall(request))
      keepResponseBody(response, (body) => note(path, request, response, body))
  })
}

/** A JSON service names its operation in a header, a query service in the form. */
function isApiCall(request: ClientRequest): boolean {
  return (
    request.getHeader('x-amz-target') !== undefined ||
    String(request.getHeader('content-type')).startsWith('application/x-www-form-urlencoded')
  )
}

function keepRequestBody(request: ClientRequest): void {
  const chunks: Buffer[] = []
  requestBodies.set(request, chunks)
  for (const method of ['write', 'end'] as const) {
    const send = request[method].bind(request) as (...values: unknown[]) => never
    request[method] = (...values: unknown[]) => {
      const [chunk] = values
      if (typeof chunk === 'string') chunks.push(Buffer.from(chunk))
      else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
      return send(...values)
    }
  }
}

/** Node's parser hands the body to the stream by `push`; whoever reads it notices nothing. */
function keepResponseBody(response: IncomingMessage, whole: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  const push = response.push.bind(response)
  response.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
    if (chunk === null) whole(Buffer.concat(chunks))
    return push(chunk, encoding)
  }
}

function note(file: string, request: ClientRequest, response: IncomingMessage, body: Buffer): void {
  const target = request.getHeader('x-amz-target')
  const captured: Captured = {
    atMs: Date.now(),
    target: typeof target === 'string' ? target : '',
    requestBody: Buffer.concat(requestBodies.get(request) ?? []).toString('utf8'),
    status: response.statusCode ?? 0,
    responseBody: body.toString('utf8'),
  }
  writeFileSync(file, `${JSON.stringify(captured)}\n`, { flag: 'a' })
}
