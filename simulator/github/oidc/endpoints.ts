import { randomUUID } from 'node:crypto'

import { jsonAnswer, type Answer } from '../../wire/answer.ts'
import type { Dispatch } from '../../wire/dispatch.ts'
import type { HttpRequest } from '../../wire/http-request.ts'
import type { OidcIssuer } from './issuer.ts'

/** Where the issuer's endpoints are mounted on the simulator's server. */
export const OIDC_PATH = '/oidc'

/** Serves discovery, keys, and the endpoint at which a job asks for its token. */
export class OidcEndpoints {
  readonly path = OIDC_PATH
  readonly #issuer: OidcIssuer
  readonly #dispatch: Dispatch

  constructor(issuer: OidcIssuer, dispatch: Dispatch) {
    this.#issuer = issuer
    this.#dispatch = dispatch
  }

  async answer({ url, headers }: HttpRequest): Promise<Answer> {
    switch (url.pathname) {
      case `${OIDC_PATH}/.well-known/openid-configuration`:
        return jsonAnswer(this.#configuration(`http://${headers['host'] ?? ''}`))
      case `${OIDC_PATH}/.well-known/jwks`:
        if (!this.#issuer.keysReachable) return jsonAnswer({ message: 'Unavailable' }, 503)
        return jsonAnswer(await this.#issuer.jwks())
      case `${OIDC_PATH}/token`:
        return this.#token(url, headers['authorization'])
      default:
        return jsonAnswer({ message: 'Not Found' }, 404)
    }
  }

  #configuration(baseUrl: string): Record<string, unknown> {
    return {
      issuer: this.#issuer.issuer,
      jwks_uri: `${baseUrl}${OIDC_PATH}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }
  }

  async #token(url: URL, authorization: string | undefined): Promise<Answer> {
    const owner = this.#issuer.job.repository.split('/')[0] ?? ''
    const audience = url.searchParams.get('audience') ?? `https://github.com/${owner}`
    const subject = {
      requestId: randomUUID(),
      service: 'oidc',
      operation: 'GetIdToken',
      input: { audience },
    }
    return this.#dispatch(subject, async () => {
      if (authorization !== `Bearer ${this.#issuer.requestToken}`) {
        return { ...jsonAnswer({ message: 'Unauthorized' }, 401), errorCode: 'Unauthorized' }
      }
      const value = await this.#issuer.issue(audience)
      return jsonAnswer({ count: value.length, value })
    })
  }
}
