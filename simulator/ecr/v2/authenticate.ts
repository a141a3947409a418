import type { AuthorizationTokens } from '../authorization-tokens.ts'
import { RegistryError } from './refusal.ts'
import type { HttpRequest } from '../../wire/http-request.ts'

/** The access key behind a registry password; throws the challenge or the expiry. */
export function authenticate(request: HttpRequest, tokens: AuthorizationTokens): string {
  const password = passwordOf(request.headers['authorization'])
  const token = password === undefined ? undefined : tokens.find(password)
  if (token === undefined) {
    const realm = `https://${request.headers['host'] ?? ''}/`
    throw new RegistryError(401, 'UNAUTHORIZED', 'Not Authorized', {
      'www-authenticate': `Basic realm="${realm}",service="ecr.amazonaws.com"`,
    })
  }
  if (tokens.isExpired(token)) {
    throw new RegistryError(
      403,
      'DENIED',
      'Your authorization token has expired. Reauthenticate and try again.',
    )
  }
  return token.accessKeyId
}

function passwordOf(header: string | undefined): string | undefined {
  const [, encoded] = /^Basic (.+)$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return undefined
  const [user, password] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2)
  return user === 'AWS' ? password : undefined
}
