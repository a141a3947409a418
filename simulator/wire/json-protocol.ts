import { randomUUID } from 'node:crypto'

import type { Answer } from './answer.ts'
import type { Dispatch } from './dispatch.ts'
import type { Gate } from './gate.ts'
import { isObject, parseJson } from './json.ts'
import { refuseInJson } from './refusal.ts'
import { ServiceError, type JsonObject, type JsonService, type Operation } from './service.ts'
import type { SignableRequest } from './signature.ts'

/** Answers AWS JSON 1.1: the operation in `X-Amz-Target`, errors by `__type`. */
export class JsonProtocol {
  readonly #services = new Map<string, JsonService>()
  readonly #gate: Gate
  readonly #dispatch: Dispatch

  constructor(services: readonly JsonService[], gate: Gate, dispatch: Dispatch) {
    for (const service of services) this.#services.set(service.targetPrefix, service)
    this.#gate = gate
    this.#dispatch = dispatch
  }

  async answer(request: SignableRequest): Promise<Answer> {
    const requestId = randomUUID()
    const [prefix = '', name = ''] = (request.headers['x-amz-target'] ?? '').split('.')
    const service = this.#services.get(prefix)
    const operation = operationOf(service, name)
    const { input, error } = readInput(request.body)
    const subject = {
      requestId,
      caller: this.#gate.nameOf(request),
      service: service?.signingName ?? prefix,
      operation: name,
      input,
    }
    return this.#dispatch(subject, async () => {
      try {
        if (service === undefined || operation === undefined) throw unknownOperation()
        if (error !== undefined) throw error
        const caller = this.#gate.authenticate(request, service.signingName, 'json')
        this.#gate.authorize(caller, service.signingName, name, input)
        return toAnswer(requestId, await operation(input, { caller, requestId }))
      } catch (cause) {
        return refuseInJson(requestId, toServiceError(cause))
      }
    })
  }
}

function operationOf(service: JsonService | undefined, name: string): Operation | undefined {
  if (service === undefined || !Object.hasOwn(service.operations, name)) return undefined
  return service.operations[name]
}

function readInput(body: Uint8Array): { input: JsonObject; error?: ServiceError } {
  try {
    const input = parseJson(Buffer.from(body).toString('utf8') || '{}')
    if (isObject(input)) return { input }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  const error = new ServiceError('SerializationException', 'the request body is not a JSON object')
  return { input: {}, error }
}

function unknownOperation(): ServiceError {
  return new ServiceError('UnknownOperationException', '')
}

/** A defect of the simulator is told as the service's own internal error, with its stack. */
export function toServiceError(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return new ServiceError('InternalFailure', `the simulator failed: ${text}`, 500)
}

function toAnswer(requestId: string, body: JsonObject): Answer {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
  }
  return { status: 200, headers, body: JSON.stringify(body) }
}
