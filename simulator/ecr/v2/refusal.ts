import type { Answer } from '../../wire/answer.ts'
import { toServiceError } from '../../wire/json-protocol.ts'
import type { ServiceError } from '../../wire/service.ts'

/** The registry's way to refuse: a code of the OCI distribution specification. */
export class RegistryError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'RegistryError'
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** How ECR's API refusals appear at the registry. */
const TRANSLATIONS: Readonly<Record<string, readonly [number, string]>> = {
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  ReferencedImagesNotFoundException: [400, 'MANIFEST_BLOB_UNKNOWN'],
  LayersNotFoundException: [400, 'MANIFEST_BLOB_UNKNOWN'],
  InvalidParameterException: [400, 'MANIFEST_INVALID'],
}

/** The answer to a request that failed with `cause`. */
export function refuse(cause: unknown): Answer {
  const error = cause instanceof RegistryError ? cause : translate(toServiceError(cause))
  return {
    status: error.status,
    headers: {
      ...BASE_HEADERS,
      'content-type': 'application/json; charset=utf-8',
      ...error.headers,
    },
    body: `${JSON.stringify({ errors: [{ code: error.code, message: error.message }] })}\n`,
    errorCode: error.code,
  }
}

/** Every answer of a registry says that it is one. */
export const BASE_HEADERS = { 'docker-distribution-api-version': 'registry/2.0' }

function translate(error: ServiceError): RegistryError {
  const [status, code] = TRANSLATIONS[error.code] ?? [error.httpStatus, 'UNKNOWN']
  return new RegistryError(status, code, error.message)
}
