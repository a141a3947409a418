/** A JSON value as it travels on the wire: nothing dropped, renamed or given a class. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json | undefined
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a text is in JSON; undefined where it is none. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The object at `name`, or an empty one where there is none. */
export function objectAt(from: JsonObject, name: string): JsonObject {
  const value = from[name]
  return isJsonObject(value) ? value : {}
}

/** The objects of the array at `name`; other elements and other values are left out. */
export function objectsAt(from: JsonObject, name: string): readonly JsonObject[] {
  const value = from[name]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

export function stringAt(from: JsonObject, name: string): string | undefined {
  const value = from[name]
  return typeof value === 'string' ? value : undefined
}

export function stringsAt(from: JsonObject, name: string): readonly string[] {
  const value = from[name]
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : []
}

export function numberAt(from: JsonObject, name: string): number | undefined {
  const value = from[name]
  return typeof value === 'number' ? value : undefined
}

export function booleanAt(from: JsonObject, name: string): boolean | undefined {
  const value = from[name]
  return typeof value === 'boolean' ? value : undefined
}

/** An AWS JSON timestamp (epoch seconds, with a fraction) as a Date. */
export function dateAt(from: JsonObject, name: string): Date | undefined {
  const seconds = numberAt(from, name)
  return seconds === undefined ? undefined : new Date(seconds * 1000)
}
