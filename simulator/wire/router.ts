import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

import { jsonAnswer, sendAnswer, type Answer } from './answer.ts'
import { inExchange } from './exchange.ts'
import type { HttpRequest } from './http-request.ts'

/** A front end that answers every path below its own. */
export interface Mount {
  /** `/v2`; `/` is below none and takes what nobody else takes. */
  readonly path: string
  answer(request: HttpRequest): Promise<Answer>
}

/** Routes requests to the mount with the longest matching path. */
export function createRouter(mounts: readonly Mount[]): RequestListener {
  const longestFirst = [...mounts].sort((a, b) => b.path.length - a.path.length)
  return (message, response) => {
    respond(longestFirst, message, response).catch((cause: unknown) => {
      // The answer cannot be finished: the client has gone, or a body broke off half-way.
      response.destroy(cause instanceof Error ? cause : undefined)
    })
  }
}

async function respond(
  mounts: readonly Mount[],
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const whole = await inExchange(message, response, (request) => answer(mounts, request))
  await sendAnswer(message, response, whole)
}

async function answer(mounts: readonly Mount[], request: HttpRequest): Promise<Answer> {
  try {
    const mount = mounts.find(({ path }) => isBelow(path, request.url.pathname))
    if (mount === undefined) return jsonAnswer({ message: 'Not Found' }, 404)
    return await mount.answer(request)
  } catch (cause) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    return jsonAnswer({ message: `the simulator failed: ${text}` }, 500)
  }
}

function isBelow(path: string, pathname: string): boolean {
  return path === '/' || pathname === path || pathname.startsWith(`${path}/`)
}
