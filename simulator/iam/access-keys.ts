import type { Clock } from '../clock/clock.ts'
import { parseAuthorization, type Authorization } from '../wire/authorization.ts'
import { authenticationFailure, type Protocol } from '../wire/authentication-failure.ts'
import { isSignedWith, type SignableRequest } from '../wire/signature.ts'
import type { AccessKey } from './principal.ts'

/** The access keys that were given out, and who signs with which. */
export class AccessKeys {
  readonly #clock: Clock
  readonly #keys = new Map<string, AccessKey>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get all(): readonly AccessKey[] {
    return [...this.#keys.values()]
  }

  add<T extends AccessKey>(key: T): T {
    this.#keys.set(key.accessKeyId, key)
    return key
  }

  find(accessKeyId: string): AccessKey | undefined {
    return this.#keys.get(accessKeyId)
  }

  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId)
  }

  /** The key of a request, taken on trust: its signature is not looked at. */
  claimedBy(request: SignableRequest): AccessKey | undefined {
    const authorization = parseAuthorization(request.headers['authorization'] ?? '')
    return this.find(authorization?.accessKeyId ?? '')
  }

  /**
   * The key that signed `request` for `service`; throws a ServiceError in the words of `protocol`.
   * @param answersIn Whether the service is there in the region of the signature.
   */
  verify(
    request: SignableRequest,
    service: string,
    protocol: Protocol,
    answersIn: (region: string) => boolean,
  ): { readonly key: AccessKey; readonly region: string } {
    const authorization = readAuthorization(request, protocol)
    if (authorization.service !== service) {
      const message = `Credential should be scoped to correct service: '${service}'. `
      throw authenticationFailure('scope', protocol, message)
    }
    const { accessKeyId, region } = authorization
    if (!answersIn(region)) throw authenticationFailure('scope', protocol)
    const key = this.#keys.get(accessKeyId)
    if (key === undefined || key.sessionToken !== request.headers['x-amz-security-token']) {
      throw authenticationFailure('unknown-key', protocol)
    }
    if (!isSignedWith(key.secretAccessKey, request, authorization)) {
      throw authenticationFailure('mismatch', protocol)
    }
    if (key.expiresAtMs !== undefined && this.#clock.now() >= key.expiresAtMs) {
      throw authenticationFailure('expired', protocol)
    }
    return { key, region }
  }
}

function readAuthorization({ headers }: SignableRequest, protocol: Protocol): Authorization {
  const header = headers['authorization']
  if (header === undefined) throw authenticationFailure('missing', protocol)
  const authorization = parseAuthorization(header)
  if (authorization === undefined) throw authenticationFailure('incomplete', protocol)
  return authorization
}
