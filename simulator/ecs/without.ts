import type { JsonObject } from '../wire/service.ts'

/** A copy of `object` that lacks the named members. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}
