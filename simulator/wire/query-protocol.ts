import { randomUUID } from 'node:crypto'

import type { Answer } from './answer.ts'
import type { Dispatch } from './dispatch.ts'
import { parseForm } from './form.ts'
import type { Gate } from './gate.ts'
import { toServiceError } from './json-protocol.ts'
import { refuseInXml } from './refusal.ts'
import type { QueryService } from './query-service.ts'
import { ServiceError, type JsonObject } from './service.ts'
import type { SignableRequest } from './signature.ts'
import { toXml } from './xml.ts'

/** Answers the AWS query protocol for one service. */
export class QueryProtocol {
  readonly #service: QueryService
  readonly #gate: Gate
  readonly #dispatch: Dispatch

  constructor(service: QueryService, gate: Gate, dispatch: Dispatch) {
    this.#service = service
    this.#gate = gate
    this.#dispatch = dispatch
  }

  async answer(request: SignableRequest): Promise<Answer> {
    const requestId = randomUUID()
    const { action, version, input } = parseForm(Buffer.from(request.body).toString('utf8'))
    const subject = {
      requestId,
      caller: this.#gate.nameOf(request),
      service: this.#service.signingName,
      operation: action,
      input: this.#service.loggable(input),
    }
    return this.#dispatch(subject, async () => {
      try {
        if (version !== this.#service.version) throw unknownAction(action, version)
        const result = await this.#perform(request, requestId, action, input)
        return this.#toAnswer(requestId, action, result)
      } catch (cause) {
        return refuseInXml(requestId, toServiceError(cause), this.#service.namespace)
      }
    })
  }

  async #perform(
    request: SignableRequest,
    requestId: string,
    action: string,
    input: JsonObject,
  ): Promise<JsonObject> {
    const { anonymous, operations, signingName, version } = this.#service
    if (Object.hasOwn(anonymous, action)) return (await anonymous[action]?.(input)) ?? {}
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined
    if (operation === undefined) throw unknownAction(action, version)
    const caller = this.#gate.authenticate(request, signingName, 'query')
    this.#gate.authorize(caller, signingName, action, input)
    return operation(input, { caller, requestId })
  }

  #toAnswer(requestId: string, action: string, result: JsonObject): Answer {
    const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }
    const body = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }
    return { status: 200, headers, body: toXml(`${action}Response`, this.#service.namespace, body) }
  }
}

function unknownAction(action: string, version: string): ServiceError {
  const message = `Could not find operation ${action} for version ${version}`
  return new ServiceError('InvalidAction', message)
}
