import { matchesWildcard } from '../wildcard.ts'
import { isMet, type Context } from './condition.ts'
import type { Patterns, Policy, Statement } from './document.ts'

/** What somebody wants to do to what. */
export interface AccessRequest {
  readonly action: string
  readonly resource: string
  readonly context: Context
}

/** What policies say of a request: an explicit `Deny` wins, and silence allows nothing. */
export type Verdict = 'allowed' | 'denied' | 'unmentioned'

/**
 * Evaluates `policies` as one.
 * @param principals Names under which a resource's policy may speak of the asker.
 */
export function evaluate(
  policies: readonly Policy[],
  request: AccessRequest,
  principals: readonly string[] = [],
): Verdict {
  const applying = policies
    .flatMap(({ statements }) => statements)
    .filter((statement) => applies(statement, request, principals))
  if (applying.some(({ effect }) => effect === 'Deny')) return 'denied'
  return applying.length > 0 ? 'allowed' : 'unmentioned'
}

function applies(
  { actions, resources, principals, conditions }: Statement,
  { action, resource, context }: AccessRequest,
  names: readonly string[],
): boolean {
  const wanted = action.toLowerCase()
  return (
    covers(actions, (pattern) => matchesWildcard(pattern.toLowerCase(), wanted)) &&
    covers(resources, (pattern) => matchesWildcard(pattern, resource)) &&
    (principals === undefined ||
      covers(principals, (pattern) => pattern === '*' || names.includes(pattern))) &&
    conditions.every((condition) => isMet(condition, context))
  )
}

function covers({ patterns, negated }: Patterns, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== negated
}
