import type { Protocol } from './authentication-failure.ts'
import type { Caller, JsonObject } from './service.ts'
import type { SignableRequest } from './signature.ts'

/** What the wire asks of IAM. */
export interface Gate {
  /** Who signed; throws a ServiceError in the words of `protocol`. */
  authenticate(request: SignableRequest, service: string, protocol: Protocol): Caller
  /** The caller's ARN for the request log, taken on trust; undefined for unknown keys. */
  nameOf(request: SignableRequest): string | undefined
  /** Throws AccessDeniedException when the caller may not do `operation` with `input`. */
  authorize(caller: Caller, service: string, operation: string, input: JsonObject): void
}
