import { randomBytes, randomUUID } from 'node:crypto'

import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
} from 'jose'

import type { Clock } from '../../clock/clock.ts'
import { claimsOf, DEFAULT_JOB, subjectOf, type Job, type SubjectFormat } from './claims.ts'

export interface OidcOptions {
  /** The `iss` claim; default GitHub's own, so that trust policies read as in real life. */
  readonly issuer?: string
  readonly job?: Partial<Job>
  readonly subjectFormat?: SubjectFormat
}

interface SigningKey {
  readonly id: string
  readonly privateKey: CryptoKey
  readonly set: JSONWebKeySet
}

/** Seconds from a token's issue to its expiry, as measured on GitHub's. */
const LIFE_SECONDS = 300

/** GitHub's issuer of identity tokens for one job; what it says of the job may be changed. */
export class OidcIssuer {
  readonly issuer: string
  /** What a job presents as ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly requestToken = randomBytes(32).toString('base64url')
  job: Job
  subjectFormat: SubjectFormat
  /** Whether anybody can fetch the public keys. */
  keysReachable = true
  readonly #clock: Clock
  #key: Promise<SigningKey> | undefined
  #retired: readonly JSONWebKeySet[] = []

  constructor(clock: Clock, options: OidcOptions = {}) {
    this.#clock = clock
    this.issuer = options.issuer ?? 'https://token.actions.githubusercontent.com'
    this.job = { ...DEFAULT_JOB, ...options.job }
    this.subjectFormat = options.subjectFormat ?? 'name'
  }

  /** The public keys, as the `jwks_uri` serves them. @throws Error while they are unreachable. */
  async jwks(): Promise<JSONWebKeySet> {
    if (!this.keysReachable) throw new Error('the key set of the issuer cannot be reached')
    const { set } = await this.#signingKey()
    return { keys: [...set.keys, ...this.#retired.flatMap(({ keys }) => keys)] }
  }

  /**
   * From now on another key signs. Tokens of the old one no longer verify, unless it stays
   * published beside the new one, as issuers do until its last token has expired.
   */
  async rotateKey({ keepPublished = false } = {}): Promise<void> {
    this.#retired = keepPublished ? [(await this.#signingKey()).set, ...this.#retired] : []
    this.#key = undefined
  }

  /** A token for `audience`; `claims` replaces or adds claims, the registered ones included. */
  async issue(
    audience: string,
    claims: Readonly<Record<string, string | number>> = {},
  ): Promise<string> {
    const key = await this.#signingKey()
    const nowSeconds = Math.floor(this.#clock.now() / 1000)
    return new SignJWT({
      jti: randomUUID(),
      sub: subjectOf(this.job, this.subjectFormat),
      aud: audience,
      ...claimsOf(this.job),
      iss: this.issuer,
      nbf: nowSeconds - LIFE_SECONDS,
      iat: nowSeconds,
      exp: nowSeconds + LIFE_SECONDS,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.id })
      .sign(key.privateKey)
  }

  #signingKey(): Promise<SigningKey> {
    this.#key ??= createSigningKey()
    return this.#key
  }
}

async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = await exportJWK(publicKey)
  const id = await calculateJwkThumbprint(jwk)
  return { id, privateKey, set: { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: id }] } }
}
