import type { Answer } from '../wire/answer.ts'
import type { Subject } from '../wire/dispatch.ts'
import { refuseAs } from '../wire/refusal.ts'
import { ServiceError } from '../wire/service.ts'

/** Status and text that AWS gives with a code, where a plan does not say. */
const WELL_KNOWN: Readonly<Record<string, readonly [httpStatus: number, message: string]>> = {
  ExpiredToken: [403, 'The security token included in the request is expired'],
  ExpiredTokenException: [400, 'The security token included in the request is expired'],
  UnrecognizedClientException: [400, 'The security token included in the request is invalid.'],
  InvalidClientTokenId: [403, 'The security token included in the request is invalid.'],
  ThrottlingException: [400, 'Rate exceeded'],
  ThrottleException: [429, 'Rate exceeded'],
  Throttling: [400, 'Rate exceeded'],
  TOOMANYREQUESTS: [429, 'Rate exceeded'],
  ServerException: [500, 'Service Unavailable. Please try again later.'],
  InternalFailure: [500, 'The request processing has failed because of an unknown error.'],
  ServiceUnavailable: [503, 'The request has failed due to a temporary failure of the server.'],
  ServiceUnavailableException: [503, 'Service Unavailable. Please try again later.'],
}

/** The refusal that a fault asks for, in the protocol of the call that it hit. */
export function awsError(
  subject: Subject,
  {
    code,
    message,
    status,
  }: { readonly code: string; readonly message?: string; readonly status?: number },
): Answer {
  const [httpStatus, text] = WELL_KNOWN[code] ?? denial(subject, code)
  const error = new ServiceError(code, message ?? text, status ?? httpStatus)
  return refuseAs(subject.service, subject.requestId, error)
}

function denial(
  { caller, service, operation }: Subject,
  code: string,
): readonly [httpStatus: number, message: string] {
  if (!code.startsWith('AccessDenied')) return [400, '']
  const action = `${service}:${operation}`
  return [
    service === 'sts' ? 403 : 400,
    `User: ${caller ?? 'anonymous'} is not authorized to perform: ${action} on resource: * ` +
      `because no identity-based policy allows the ${action} action`,
  ]
}
