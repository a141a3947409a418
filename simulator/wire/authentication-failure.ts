import { ServiceError } from './service.ts'

/** Why a request's signature was not accepted. */
export type AuthenticationFailureKind =
  'missing' | 'incomplete' | 'scope' | 'unknown-key' | 'expired' | 'mismatch'

/** The two protocols spell the same refusal with different codes. */
export type Protocol = 'json' | 'query'

interface Spelling {
  readonly json: string
  readonly query: string
  readonly message: string
}

const SPELLINGS: Readonly<Record<AuthenticationFailureKind, Spelling>> = {
  missing: {
    json: 'MissingAuthenticationTokenException',
    query: 'MissingAuthenticationToken',
    message: 'Missing Authentication Token',
  },
  incomplete: {
    json: 'IncompleteSignatureException',
    query: 'IncompleteSignature',
    message: 'Authorization header requires Credential, SignedHeaders and Signature parameters.',
  },
  scope: {
    json: 'InvalidSignatureException',
    query: 'SignatureDoesNotMatch',
    message: 'Credential should be scoped to a valid region.',
  },
  'unknown-key': {
    json: 'UnrecognizedClientException',
    query: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid.',
  },
  expired: {
    json: 'ExpiredTokenException',
    query: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  },
  mismatch: {
    json: 'InvalidSignatureException',
    query: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your ' +
      'AWS Secret Access Key and signing method. Consult the service documentation for details.',
  },
}

/** The refusal of a signature in the words of `protocol`; `message` replaces the usual text. */
export function authenticationFailure(
  kind: AuthenticationFailureKind,
  protocol: Protocol,
  message?: string,
): ServiceError {
  const spelling = SPELLINGS[kind]
  const httpStatus = protocol === 'json' ? 400 : 403
  return new ServiceError(spelling[protocol], message ?? spelling.message, httpStatus)
}
