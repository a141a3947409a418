import { randomBytes } from 'node:crypto'

import type { Clock } from '../clock/clock.ts'

/** What a registry password stands for. */
export interface AuthorizationToken {
  readonly accessKeyId: string
  /** Simulator's time in milliseconds. */
  readonly expiresAtMs: number
}

const LIFE_MS = 12 * 3600 * 1000

/** The passwords that GetAuthorizationToken gave out. */
export class AuthorizationTokens {
  readonly #clock: Clock
  readonly #tokens = new Map<string, AuthorizationToken>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A password for the user `AWS`, good for 12 hours with the permissions of the key's owner. */
  issue(accessKeyId: string): AuthorizationToken & { readonly password: string } {
    const password = randomBytes(96).toString('base64url')
    const token = { accessKeyId, expiresAtMs: this.#clock.now() + LIFE_MS }
    this.#tokens.set(password, token)
    return { ...token, password }
  }

  find(password: string): AuthorizationToken | undefined {
    return this.#tokens.get(password)
  }

  isExpired({ expiresAtMs }: AuthorizationToken): boolean {
    return this.#clock.now() >= expiresAtMs
  }
}
