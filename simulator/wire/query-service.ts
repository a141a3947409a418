import type { JsonObject, Operation } from './service.ts'

/** A service that speaks AWS query: a form with `Action` and `Version`, answered in XML. */
export interface QueryService {
  readonly signingName: string
  readonly version: string
  readonly namespace: string
  readonly operations: Readonly<Record<string, Operation>>
  /** Operations that need no signature: the input itself carries the proof. */
  readonly anonymous: Readonly<Record<string, (input: JsonObject) => Promise<JsonObject>>>
  /** The input as it may be logged: without what would let a reader act for the caller. */
  loggable(input: JsonObject): JsonObject
}
