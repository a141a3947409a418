import { readBody, type Answer } from './answer.ts'
import type { HttpRequest } from './http-request.ts'
import type { JsonProtocol } from './json-protocol.ts'
import type { QueryProtocol } from './query-protocol.ts'

/** Larger than any request that the simulated APIs take: PutImage carries a manifest of 4 MiB. */
const LIMIT_BYTES = 16 * 1024 * 1024

/** The endpoint of the AWS APIs: `X-Amz-Target` means JSON 1.1, a form means query. */
export class AwsFront {
  readonly path = '/'
  readonly #json: JsonProtocol
  readonly #query: QueryProtocol

  constructor(json: JsonProtocol, query: QueryProtocol) {
    this.#json = json
    this.#query = query
  }

  async answer({ method, target, headers, body }: HttpRequest): Promise<Answer> {
    const request = { method, target, headers, body: await readBody(body, LIMIT_BYTES) }
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
    if (headers['x-amz-target'] === undefined && isForm) return this.#query.answer(request)
    return this.#json.answer(request)
  }
}
