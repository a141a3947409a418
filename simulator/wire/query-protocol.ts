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

/** Answers the AWS query protocol: the version of its API tells the service that is asked. */
export class QueryProtocol {
  readonly #services: readonly [QueryService, ...QueryService[]]
  readonly #gate: Gate
  readonly #dispatch: Dispatch

  /** @param services The first answers for versions that none has. */
  constructor(
    services: readonly [QueryService, ...QueryService[]],
    gate: Gate,
    dispatch: Dispatch,
  ) {
    this.#services = services
    this.#gate = gate
    this.#dispatch = dispatch
  }

  async answer(request: SignableRequest): Promise<Answer> {
    const requestId = randomUUID()
    const { action, version, input } = parseForm(Buffer.from(request.body).toString('utf8'))
    const service = this.#services.find((one) => one.version === version) ?? this.#services[0]
    const subject = {
      requestId,
      caller: this.#gate.nameOf(request),
      service: service.signingName,
      operation: action,
      input: service.loggable(input),
    }
    return this.#dispatch(subject, async () => {
      try {
        if (version !== service.version) throw unknownAction(action, version)
        const result = await this.#perform(service, request, requestId, action, input)
        return toAnswer(service, requestId, action, result)
      } catch (cause) {
        return refuseInXml(requestId, refusalOf(cause), service.namespace)
      }
    })
  }

  async #perform(
    service: QueryService,
    request: SignableRequest,
    requestId: string,
    action: string,
    input: JsonObject,
  ): Promise<JsonObject> {
    const { anonymous, operations, signingName, version } = service
    if (Object.hasOwn(anonymous, action)) return (await anonymous[action]?.(input)) ?? {}
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined
    if (operation === undefined) throw unknownAction(action, version)
    const caller = this.#gate.authenticate(request, signingName, 'query')
    this.#gate.authorize(caller, signingName, action, input)
    return operation(input, { caller, requestId })
  }
}

function toAnswer(
  { namespace }: QueryService,
  requestId: string,
  action: string,
  result: JsonObject,
): Answer {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }
  const body = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }
  return { status: 200, headers, body: toXml(`${action}Response`, namespace, body) }
}

/** The query services spell a denial `AccessDenied`, with status 403. */
function refusalOf(cause: unknown): ServiceError {
  const error = toServiceError(cause)
  if (error.code !== 'AccessDeniedException') return error
  return new ServiceError('AccessDenied', error.message.replace(' on resource: *', ''), 403)
}

function unknownAction(action: string, version: string): ServiceError {
  const message = `Could not find operation ${action} for version ${version}`
  return new ServiceError('InvalidAction', message)
}
