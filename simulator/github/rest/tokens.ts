import { randomBytes } from 'node:crypto'

import type { Clock } from '../../clock/clock.ts'

export type Permission = 'contents' | 'deployments'
export type Access = 'none' | 'read' | 'write'

export interface TokenOptions {
  /** What `permissions:` of the workflow says; what is not named is `none`. Default: all of it. */
  readonly permissions?: Readonly<Partial<Record<Permission, Access>>>
  /** Requests per hour; default 1000, as GITHUB_TOKEN has per repository. */
  readonly limitPerHour?: number
}

/** Whoever asks, and how often it may. */
export interface Client {
  /** Undefined for somebody without a token. */
  readonly permissions: Readonly<Partial<Record<Permission, Access>>> | undefined
  readonly limitPerHour: number
  used: number
  /** The hour ends here and the count begins again. */
  resetAtMs: number
}

const HOUR_MS = 3_600_000
const EVERYTHING = { contents: 'write', deployments: 'write' } as const
/** GitHub's limit for requests without a token. */
const ANONYMOUS_LIMIT = 60

/** The tokens that GitHub accepts, each with its count of requests. */
export class Tokens {
  readonly #clock: Clock
  readonly #clients = new Map<string, Client>()
  readonly #anonymous: Client

  constructor(clock: Clock) {
    this.#clock = clock
    this.#anonymous = this.#client(undefined, ANONYMOUS_LIMIT)
  }

  /** A new token. */
  issue({ permissions = EVERYTHING, limitPerHour = 1000 }: TokenOptions = {}): string {
    const token = `ghs_${randomBytes(18).toString('hex')}`
    this.#clients.set(token, this.#client(permissions, limitPerHour))
    return token
  }

  /** Who sends this Authorization header; undefined for a token that was never issued. */
  find(authorization: string | undefined): Client | undefined {
    if (authorization === undefined) return this.#anonymous
    const [, token = ''] = /^(?:bearer|token) (.+)$/i.exec(authorization) ?? []
    return this.#clients.get(token)
  }

  /** Counts a request; false when the hour's requests are used up. */
  count(client: Client): boolean {
    const nowMs = this.#clock.now()
    if (nowMs >= client.resetAtMs) {
      client.used = 0
      client.resetAtMs = nowMs + HOUR_MS
    }
    if (client.used >= client.limitPerHour) return false
    client.used += 1
    return true
  }

  #client(permissions: Client['permissions'], limitPerHour: number): Client {
    return { permissions, limitPerHour, used: 0, resetAtMs: this.#clock.now() + HOUR_MS }
  }
}

/** The `x-ratelimit-*` headers of every answer. */
export function rateLimitHeaders({
  limitPerHour,
  used,
  resetAtMs,
}: Client): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limitPerHour),
    'x-ratelimit-remaining': String(limitPerHour - used),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(Math.ceil(resetAtMs / 1000)),
    'x-ratelimit-resource': 'core',
  }
}
