import type { Json, JsonObject } from './service.ts'

/** Reads JSON text; throws a SyntaxError as `JSON.parse` does. */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of a member that may be anything else or absent. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The members of `fields` that have a value: AWS leaves out what is not set. */
export function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const result: JsonObject = {}
  for (const name in fields) if (fields[name] !== undefined) result[name] = fields[name]
  return result
}

/** How JSON 1.1 carries a timestamp: seconds since the epoch as a number, with milliseconds. */
export function epochSeconds(ms: number): number {
  return Math.round(ms) / 1000
}
