import { parseJsonObject } from '../json.ts'

/** What GitHub put into an OIDC token about who asks. */
export interface TokenClaims {
  /** The provider as trust policies spell it: `iss` without its scheme. */
  readonly provider: string
  readonly aud: string
  readonly sub: string
  /**
   * The same subject with the repository written the other way: by name alone, or by name and id
   * (`repo:octo-org@65/octo-repo@74:…`, which repositories made since 2026-07-15 send). Undefined
   * where the subject is customised and has neither form.
   */
  readonly otherSub: string | undefined
}

/** Reads the claims of a JWT without judging it. @returns undefined where `token` is none. */
export function tokenClaims(token: string): TokenClaims | undefined {
  const claims = payloadOf(token)
  const { iss, aud, sub } = claims
  if (typeof iss !== 'string' || typeof aud !== 'string' || typeof sub !== 'string') {
    return undefined
  }
  return { provider: iss.replace(/^https?:\/\//, ''), aud, sub, otherSub: otherForm(sub, claims) }
}

function payloadOf(token: string): Readonly<Record<string, unknown>> {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  // The reader of the claims is told that there are none.
  return parseJsonObject(payload) ?? {}
}

function otherForm(sub: string, claims: Readonly<Record<string, unknown>>): string | undefined {
  const { repository, repository_id: id, repository_owner_id: ownerId } = claims
  if (typeof repository !== 'string' || typeof id !== 'string' || typeof ownerId !== 'string') {
    return undefined
  }
  const [owner = '', name = ''] = repository.split('/')
  const byName = `repo:${repository}:`
  const byId = `repo:${owner}@${ownerId}/${name}@${id}:`
  if (sub.startsWith(byName)) return byId + sub.slice(byName.length)
  if (sub.startsWith(byId)) return byName + sub.slice(byId.length)
  return undefined
}
