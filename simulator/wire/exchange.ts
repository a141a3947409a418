import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'

import { toHttpRequest, type HttpRequest } from './http-request.ts'

/** One request on its connection, for whoever spoils what travels. */
export interface Exchange {
  /** What the front end reads: `body` may be replaced before the front end comes to it. */
  readonly request: HttpRequest & { body: Readable }
  /** Aborted once nobody waits for the answer: the client gave up, or the simulator closes. */
  readonly gone: AbortSignal
}

const current = new AsyncLocalStorage<Exchange>()

/** The exchange that the running code answers; undefined outside of a request. */
export function currentExchange(): Exchange | undefined {
  return current.getStore()
}

/** Has `answer` run as the answer to `message`. */
export function inExchange<T>(
  message: IncomingMessage,
  response: ServerResponse,
  answer: (request: HttpRequest) => Promise<T>,
): Promise<T> {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const request = { ...toHttpRequest(message) }
  return current.run({ request, gone: gone.signal }, () => answer(request))
}
