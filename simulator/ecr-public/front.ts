import { authenticate } from '../ecr/v2/authenticate.ts'
import { BASE_HEADERS, RegistryError } from '../ecr/v2/refusal.ts'
import type { Answer } from '../wire/answer.ts'
import type { HttpRequest } from '../wire/http-request.ts'
import type { AuthorizationTokens } from '../ecr/authorization-tokens.ts'
import { PUBLIC_HOST } from './ecr-public.ts'

/** Whether a registry request is to ECR Public: by its host, or, on loopback, by its bearer token. */
export function isPublicRequest({ headers }: HttpRequest): boolean {
  return headers['host'] === PUBLIC_HOST || /^Bearer /i.test(headers['authorization'] ?? '')
}

/** The access key behind a bearer token; throws the challenge that sends clients to `/token/`. */
export function authenticateBearer(request: HttpRequest, tokens: AuthorizationTokens): string {
  const [, token] = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '') ?? []
  if (token === undefined) {
    throw new RegistryError(401, 'UNAUTHORIZED', 'Not Authorized', {
      'www-authenticate': `Bearer realm="https://${PUBLIC_HOST}/token/",service="${PUBLIC_HOST}",scope="aws"`,
    })
  }
  // The token is the very text that Basic would carry.
  const headers = { ...request.headers, authorization: `Basic ${token}` }
  return authenticate({ ...request, headers }, tokens)
}

/** `/token/`: gives who logs in by Basic the bearer token that the registry takes. */
export class PublicTokenFront {
  readonly path = '/token'
  readonly #tokens: AuthorizationTokens

  constructor(tokens: AuthorizationTokens) {
    this.#tokens = tokens
  }

  answer(request: HttpRequest): Promise<Answer> {
    const { authorization = '' } = request.headers
    const headers = { ...BASE_HEADERS, 'content-type': 'application/json' }
    try {
      authenticate(request, this.#tokens)
    } catch (cause) {
      if (!(cause instanceof RegistryError)) throw cause
      const errors = [{ code: cause.code, message: cause.message }]
      return Promise.resolve({ status: cause.status, headers, body: JSON.stringify({ errors }) })
    }
    const token = authorization.replace(/^Basic /i, '')
    return Promise.resolve({ status: 200, headers, body: JSON.stringify({ token }) })
  }
}
