import { isObject } from './json.ts'
import { ServiceError, type Json, type JsonObject } from './service.ts'

/** Reads members of an input and refuses wrong types as AWS's deserialiser does. */
export function stringMember(input: JsonObject, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw unreadable(name, 'String')
  return value
}

export function numberMember(input: JsonObject, name: string): number | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw unreadable(name, 'Integer')
  return value
}

export function objectMember(input: JsonObject, name: string): JsonObject | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw unreadable(name, 'Structure')
  return value
}

export function listMember(input: JsonObject, name: string): readonly Json[] | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw unreadable(name, 'List')
  return value
}

export function stringsMember(input: JsonObject, name: string): readonly string[] | undefined {
  return listMember(input, name)?.map((value) => {
    if (typeof value !== 'string') throw unreadable(name, 'String')
    return value
  })
}

export function objectsMember(input: JsonObject, name: string): readonly JsonObject[] | undefined {
  return listMember(input, name)?.map((value) => {
    if (!isObject(value)) throw unreadable(name, 'Structure')
    return value
  })
}

function unreadable(name: string, expected: string): ServiceError {
  return new ServiceError('SerializationException', `${name} can not be read as a ${expected}`)
}
