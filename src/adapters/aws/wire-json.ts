import type { Pluggable } from '@aws-sdk/types'

import { isJsonObject, type JsonObject } from '../../core/json.ts'

/** Carries raw JSON through an SDK client, past the schemas that drop what they do not know. */
interface WireJson<Input extends object, Output extends object> {
  /** To be used by the client's middleware stack. */
  readonly plugin: Pluggable<Input, Output>
  /**
   * Sends `body` in the place of what the SDK makes of `commandInput`.
   * @returns the body of the answer, whole; undefined where it has none.
   * @throws SyntaxError where it is no JSON object.
   */
  exchange(
    commandInput: object,
    body: JsonObject,
    send: () => Promise<unknown>,
  ): Promise<JsonObject | undefined>
}

interface Exchange {
  readonly body: JsonObject
  answer: string | undefined
}

/**
 * Two middlewares, each innermost in its step. Serialisation: the request is made already and not
 * yet signed, so that signature and length are those of our body. Deserialisation: the answer is
 * read once, kept, and handed on for the SDK to find errors in.
 */
export function wireJson<Input extends object, Output extends object>(): WireJson<Input, Output> {
  const exchanges = new WeakMap<object, Exchange>()
  return {
    plugin: {
      applyToStack(stack) {
        stack.add(
          (next) => (arguments_) => {
            const exchange = exchanges.get(arguments_.input)
            const { request } = arguments_
            if (exchange !== undefined && hasBody(request)) {
              request.body = JSON.stringify(exchange.body)
            }
            return next(arguments_)
          },
          { step: 'serialize', name: 'sendWireJson', priority: 'low' },
        )
        stack.add(
          (next) => async (arguments_) => {
            const result = await next(arguments_)
            const exchange = exchanges.get(arguments_.input)
            const { response } = result
            if (exchange !== undefined && hasBody(response)) {
              const bytes = await collect(response.body)
              exchange.answer = bytes.toString('utf8')
              response.body = bytes
            }
            return result
          },
          { step: 'deserialize', name: 'keepWireJson', priority: 'low' },
        )
      },
    },
    async exchange(commandInput, body, send) {
      const exchange: Exchange = { body, answer: undefined }
      exchanges.set(commandInput, exchange)
      await send()
      return parseAnswer(exchange.answer)
    },
  }
}

function hasBody(message: unknown): message is { body: unknown } {
  return typeof message === 'object' && message !== null && 'body' in message
}

async function collect(body: unknown): Promise<Buffer> {
  if (!isAsyncIterable(body)) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) if (chunk instanceof Uint8Array) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function parseAnswer(answer: string | undefined): JsonObject | undefined {
  if (answer === undefined || answer === '') return undefined
  const parsed: unknown = JSON.parse(answer)
  if (isJsonObject(parsed)) return parsed
  throw new SyntaxError('the answer is no JSON object')
}
