import { numberMember, objectsMember, stringMember } from '../wire/members.ts'
import type { JsonObject } from '../wire/service.ts'

import type { CapacityFailure, Disturbance } from './disturbance.ts'
import type { LambdaAnswer } from './engine/lambda-answers.ts'
import { invalidParameter } from './refusals.ts'

function needed<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw invalidParameter(`${name} is required.`)
  return value
}

function oneOf<Value extends string>(
  json: JsonObject,
  name: string,
  values: readonly Value[],
): Value {
  const text = needed(stringMember(json, name), name)
  const found = values.find((value) => value === text)
  if (found !== undefined) return found
  throw invalidParameter(`${name} is one of ${values.join(', ')}; it cannot be ${text}.`)
}

function text(json: JsonObject, name: string): string {
  return needed(stringMember(json, name), name)
}

function count(json: JsonObject, name: string): number {
  const value = needed(numberMember(json, name), name)
  if (Number.isInteger(value) && value >= 0) return value
  throw invalidParameter(`${name} is a whole number, 0 or more.`)
}

function onService(json: JsonObject): { readonly service: string; readonly cluster?: string } {
  const cluster = stringMember(json, 'cluster')
  return { service: text(json, 'service'), ...(cluster !== undefined && { cluster }) }
}

function someTasks(json: JsonObject): { readonly tasks?: number } {
  return json['tasks'] === undefined ? {} : { tasks: count(json, 'tasks') }
}

function lambdaAnswer(json: JsonObject): LambdaAnswer {
  const delay = numberMember(json, 'callBackDelaySeconds')
  return {
    hookStatus: oneOf(json, 'hookStatus', ['SUCCEEDED', 'FAILED', 'IN_PROGRESS']),
    ...(delay !== undefined && { callBackDelaySeconds: delay }),
  }
}

const kinds = [
  'scale',
  'rebalance',
  'lose-capacity',
  'interrupt-spot',
  'stop-tasks',
  'fail-targets',
  'delete-service',
  'forget-deployments',
  'set-alarm',
  'answer-hook',
] as const
const failures: readonly CapacityFailure[] = [
  'fargate-capacity',
  'container-instances',
  'vcpu-limit',
]

/**
 * A disturbance as somebody wrote it down in JSON. Throws an InvalidParameterException or a
 * SerializationException that names what is wrong with it.
 */
export function readDisturbance(json: JsonObject): Disturbance {
  const kind = oneOf(json, 'kind', kinds)
  switch (kind) {
    case 'scale': {
      const cause = stringMember(json, 'cause')
      const desiredCount = count(json, 'desiredCount')
      return { kind, ...onService(json), desiredCount, ...(cause !== undefined && { cause }) }
    }
    case 'lose-capacity': {
      const failure = oneOf(json, 'failure', failures)
      return { kind, ...onService(json), failure, forMs: count(json, 'forMs') }
    }
    case 'stop-tasks': {
      const reason = stringMember(json, 'reason')
      return {
        ...{ kind, ...onService(json), ...someTasks(json) },
        ...(reason !== undefined && { reason }),
      }
    }
    case 'fail-targets':
      return { kind, ...onService(json), ...someTasks(json), reason: text(json, 'reason') }
    case 'set-alarm':
      return { kind, alarm: text(json, 'alarm'), state: oneOf(json, 'state', ['OK', 'ALARM']) }
    case 'answer-hook': {
      const answers = needed(objectsMember(json, 'answers'), 'answers').map(lambdaAnswer)
      return { kind, functionArn: text(json, 'functionArn'), answers }
    }
    case 'interrupt-spot':
      return { kind, ...onService(json), ...someTasks(json) }
    case 'rebalance':
    case 'delete-service':
    case 'forget-deployments':
      return { kind, ...onService(json) }
  }
}
