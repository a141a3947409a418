import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'

import { isObject } from '../wire/json.ts'
import type { Json } from '../wire/service.ts'
import { locate, type Located } from './rules/rule.ts'
import type { Trace } from './trace.ts'

const MODELS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ecs, ecr }

/** Kinds of the SDK's schemas, by their first number. */
const [LIST, MAP, STRUCTURE, OPERATION] = [1, 2, 3, 9]

/** Members with a fixed set of words, by the SDK's name of the set. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  rolloutState: Object.values(ecs.DeploymentRolloutState),
  stopCode: Object.values(ecs.TaskStopCode),
  launchType: Object.values(ecs.LaunchType),
  schedulingStrategy: Object.values(ecs.SchedulingStrategy),
  healthStatus: Object.values(ecs.HealthStatus),
  desiredStatus: ['PENDING', ...Object.values(ecs.DesiredStatus)],
  imageTagMutability: Object.values(ecr.ImageTagMutability),
  failureCode: Object.values(ecr.ImageFailureCode),
}

/**
 * Members and words in answers that the AWS SDK in use does not know: something new at AWS, or
 * something old that no model mentions. Each once, with the first place where it was seen.
 */
export function strangersIn(trace: Trace): readonly string[] {
  const found = new Map<string, string>()
  for (const exchange of locate(trace)) {
    for (const stranger of strangersOf(exchange)) {
      if (!found.has(stranger)) found.set(stranger, exchange.where)
    }
  }
  return [...found].map(([stranger, where]) => `${stranger} (${where})`)
}

function strangersOf(exchange: Located): readonly string[] {
  const model = MODELS[exchange.service]
  if (model === undefined || exchange.status !== 200) return []
  const operation = model[`${exchange.operation}$`]
  if (!Array.isArray(operation) || operation[0] !== OPERATION) {
    return [`operation ${exchange.service}:${exchange.operation}`]
  }
  return unknownIn(exchange.response, operation[5], exchange.operation)
}

/** Walks a value beside the SDK's schema of it. */
function unknownIn(value: Json, reference: unknown, path: string): readonly string[] {
  const schema = resolve(reference)
  if (schema === undefined) return []
  const [kind] = schema
  if (Array.isArray(value) && kind === LIST) {
    return value.flatMap((item) => unknownIn(item, schema[4], `${path}[]`))
  }
  if (!isObject(value)) return []
  if (kind === MAP) {
    return Object.values(value).flatMap((item) => unknownIn(item, schema[5], `${path}{}`))
  }
  return kind === STRUCTURE ? unknownMembers(value, schema, path) : []
}

function unknownMembers(
  value: Readonly<Record<string, Json>>,
  schema: readonly unknown[],
  path: string,
): readonly string[] {
  const names = listOf(schema[4])
  const types = listOf(schema[5])
  return Object.entries(value).flatMap(([name, member]) => {
    const index = names.indexOf(name)
    if (index < 0) return [`member ${path}.${name}`]
    const words = WORDS[name]
    if (words !== undefined && typeof member === 'string' && !words.includes(member)) {
      return [`word ${member} in ${path}.${name}`]
    }
    return unknownIn(member, types[index], `${path}.${name}`)
  })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A schema is told as itself, by a function, or with traits beside it; numbers are scalars. */
function resolve(reference: unknown): readonly unknown[] | undefined {
  if (typeof reference === 'function') {
    const told: unknown = Reflect.apply(reference, undefined, [])
    return resolve(told)
  }
  if (!Array.isArray(reference)) return undefined
  const parts: readonly unknown[] = reference
  return parts.length === 2 ? resolve(parts[0]) : parts
}
