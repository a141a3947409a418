import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'

/** A request as the simulator's front ends see it. */
export interface HttpRequest {
  readonly method: string
  /** Path and query as they travelled. */
  readonly target: string
  readonly url: URL
  /** Header values by lower-case name; of a repeated header the values joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Readable
}

export function toHttpRequest(message: IncomingMessage): HttpRequest {
  const target = message.url ?? '/'
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(',') : value
  }
  return {
    method: message.method ?? 'GET',
    target,
    // The base only completes the URL; a target never names another host here.
    url: new URL(target.replace(/^\/+/, '/'), 'http://simulator.invalid'),
    headers,
    body: message,
  }
}
