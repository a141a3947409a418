import { isObject, parseJson } from '../wire/json.ts'
import type { Json, JsonObject } from '../wire/service.ts'
import type { Exchange } from './trace.ts'

/** A call as it was seen in the process that made it: raw, to be redacted before it is kept. */
export interface Captured {
  readonly atMs: number
  /** `X-Amz-Target`; empty for a query service. */
  readonly target: string
  readonly requestBody: string
  readonly status: number
  readonly responseBody: string
}

const SERVICES: Readonly<Record<string, string>> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  Logs_20140328: 'logs',
}

/** Query services tell themselves by the version of their API. */
const QUERY_SERVICES: Readonly<Record<string, string>> = {
  '2015-12-01': 'elasticloadbalancing',
}

/** Reads lines of JSON, each a {@link Captured}, into exchanges. */
export function readCaptured(lines: string): readonly Exchange[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => toExchange(JSON.parse(line) as Captured))
}

function toExchange(captured: Captured): Exchange {
  const { atMs, target, requestBody, status, responseBody } = captured
  if (target === '') {
    const form = Object.fromEntries(new URLSearchParams(requestBody))
    const operation = form['Action'] ?? ''
    const service = QUERY_SERVICES[form['Version'] ?? ''] ?? 'sts'
    return { atMs, service, operation, request: form, status, response: responseBody }
  }
  const [prefix = '', operation = ''] = target.split('.')
  return {
    atMs,
    service: SERVICES[prefix] ?? prefix,
    operation,
    request: asObject(jsonOrText(requestBody)),
    status,
    response: jsonOrText(responseBody),
  }
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : { body: value }
}

function jsonOrText(body: string): Json {
  try {
    return parseJson(body)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    return body
  }
}
