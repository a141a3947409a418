import { isJsonObject, type JsonObject } from '../../json.ts'
import type { InputReader } from '../reader.ts'
import { readStructured } from '../structured.ts'

/** The object that an input holds as JSON or YAML. @returns undefined where there is none. */
export function readObject(reader: InputReader, input: string): JsonObject | undefined {
  const value = readStructured(reader, input)
  if (value === undefined || isJsonObject(value)) return value
  reader.reject(input, 'is no object in JSON or YAML')
  return undefined
}

/**
 * The objects that an input lists as JSON or YAML; one alone counts as a list of it.
 * @returns undefined where there are none.
 */
export function readObjects(reader: InputReader, input: string): readonly JsonObject[] | undefined {
  const value = readStructured(reader, input)
  if (value === undefined) return undefined
  if (isJsonObject(value)) return [value]
  if (Array.isArray(value) && value.every(isJsonObject)) return value
  reader.reject(input, 'is no list of objects in JSON or YAML')
  return undefined
}
