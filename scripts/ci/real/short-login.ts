import type { AuthorizationTokens } from '../../../simulator/ecr/authorization-tokens.ts'

const trueLifeMs = 12 * 3600 * 1000

/**
 * Lets the next password that is asked for end after `lifeMs` instead of twelve hours, by its own
 * date and for the registry; later ones are as usual. @returns what undoes it.
 */
export function shortenFirstLogin(tokens: AuthorizationTokens, lifeMs: number): () => void {
  const issue = tokens.issue.bind(tokens)
  const isExpired = tokens.isExpired.bind(tokens)
  let endsAtMs: number | undefined
  let fullMs: number | undefined
  tokens.issue = (accessKeyId) => {
    const issued = issue(accessKeyId)
    if (fullMs !== undefined) return issued
    fullMs = issued.expiresAtMs
    endsAtMs = issued.expiresAtMs - trueLifeMs + lifeMs
    return { ...issued, expiresAtMs: endsAtMs }
  }
  tokens.isExpired = (token) =>
    token.expiresAtMs === fullMs && endsAtMs !== undefined
      ? Date.now() >= endsAtMs
      : isExpired(token)
  return () => {
    tokens.issue = issue
    tokens.isExpired = isExpired
  }
}
