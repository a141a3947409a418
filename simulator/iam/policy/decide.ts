import type { Principal } from '../principal.ts'
import { allowing, type Policy } from './document.ts'
import { evaluate, type AccessRequest, type Verdict } from './evaluate.ts'

/** The resource's side of a decision. */
export interface ResourceSide {
  /** Account that owns the resource; undefined is the asker's own. */
  readonly accountId?: string
  /** The resource's policy, if it has one. */
  readonly policy?: Policy | undefined
}

/**
 * Decides as IAM does: an explicit deny anywhere wins; within an account the identity's or the
 * resource's policy has to allow, across accounts both; a session policy limits what the role allows.
 * @returns Why not, in AWS's words after `… on resource: ARN `; undefined allows.
 */
export function refusalOf(
  principal: Principal,
  request: AccessRequest,
  { accountId = principal.accountId, policy }: ResourceSide = {},
): string | undefined {
  const identity = evaluate(policiesOf(principal), request)
  const { sessionPolicies } = principal
  const session = sessionPolicies === undefined ? 'allowed' : evaluate(sessionPolicies, request)
  const resource = policy === undefined ? NOTHING : resourceVerdicts(policy, request, principal)
  for (const [verdict, kind] of [
    [identity, 'an identity-based'],
    [session, 'a session'],
    [resource.anyhow, 'a resource-based'],
  ] as const) {
    if (verdict === 'denied') return `with an explicit deny in ${kind} policy`
  }
  const missing =
    accountId === principal.accountId
      ? missingWithin(identity, session, resource)
      : missingAcross(identity, session, resource.anyhow)
  if (missing === undefined) return undefined
  return `because no ${missing} policy allows the ${request.action} action`
}

interface ResourceVerdicts {
  /** Under any name of the asker: its account's is one. */
  readonly anyhow: Verdict
  /** By the asker's own name, or its role's: needs nothing of its own account. */
  readonly byName: Verdict
  /** By the name of the very session or user. */
  readonly bySession: Verdict
}

const NOTHING: ResourceVerdicts = {
  anyhow: 'unmentioned',
  byName: 'unmentioned',
  bySession: 'unmentioned',
}

function resourceVerdicts(
  policy: Policy,
  request: AccessRequest,
  { arn, roleArn = arn, accountId }: Principal,
): ResourceVerdicts {
  const account = [accountId, `arn:aws:iam::${accountId}:root`]
  return {
    anyhow: evaluate([policy], request, [arn, roleArn, ...account]),
    byName: evaluate([policy], request, [arn, roleArn]),
    bySession: evaluate([policy], request, [arn]),
  }
}

function missingWithin(
  identity: Verdict,
  session: Verdict,
  resource: ResourceVerdicts,
): string | undefined {
  if (resource.bySession === 'allowed') return undefined
  if (identity !== 'allowed' && resource.byName !== 'allowed') return 'identity-based'
  return session === 'allowed' ? undefined : 'session'
}

function missingAcross(identity: Verdict, session: Verdict, resource: Verdict): string | undefined {
  if (identity !== 'allowed') return 'identity-based'
  if (session !== 'allowed') return 'session'
  return resource === 'allowed' ? undefined : 'resource-based'
}

function policiesOf({ grant }: Principal): readonly Policy[] {
  const { allow, policy } = grant
  if (allow === undefined) return policy === undefined ? [allowing(['*'])] : [policy]
  return policy === undefined ? [allowing(allow)] : [allowing(allow), policy]
}
