import { parseJson } from '../wire/json.ts'
import type { Context } from './policy/condition.ts'
import { readPolicy, type Policy } from './policy/document.ts'
import { evaluate } from './policy/evaluate.ts'
import { MalformedPolicy } from './policy/malformed-policy.ts'

type OneOrMore = string | readonly string[]

/** One statement of a role's trust policy, in IAM's own JSON. */
export interface TrustStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal: '*' | { readonly Federated?: OneOrMore; readonly AWS?: OneOrMore }
  readonly Action: OneOrMore
  /** Operator -> condition key -> values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>
}

export interface TrustPolicy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly TrustStatement[]
}

/** Who asks to become the role, and what the condition keys say. */
export interface TrustRequest {
  readonly action: string
  /** Every name the asker goes by: the provider's ARN; or its own, its role's and its account's. */
  readonly principals: readonly string[]
  readonly context: Context
}

/** Throws for an operator that is not known: a condition is never quietly passed over. */
export function readTrustPolicy(policy: TrustPolicy): Policy {
  try {
    return readPolicy(parseJson(JSON.stringify(policy)), 'resource')
  } catch (cause) {
    if (!(cause instanceof MalformedPolicy)) throw cause
    throw new MalformedPolicy(`trust policy: ${cause.message}`, { cause })
  }
}

/** Whether a statement of `policy` lets the asker in and none keeps it out. */
export function isTrusted(policy: Policy, { action, principals, context }: TrustRequest): boolean {
  return evaluate([policy], { action, resource: '*', context }, principals) === 'allowed'
}

/** The trust policy that GitHub's documentation tells users to write. */
export function trustGitHub(options: {
  readonly accountId: string
  /** The provider's host: `token.actions.githubusercontent.com`. */
  readonly issuerHost?: string
  readonly audience?: string
  /** Pattern of the subject: `repo:octo-org/octo-repo:*`. */
  readonly subject: string
}): TrustPolicy {
  const issuerHost = options.issuerHost ?? 'token.actions.githubusercontent.com'
  const audience = options.audience ?? 'sts.amazonaws.com'
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: `arn:aws:iam::${options.accountId}:oidc-provider/${issuerHost}`,
        },
        Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
        Condition: {
          StringEquals: { [`${issuerHost}:aud`]: audience },
          StringLike: { [`${issuerHost}:sub`]: options.subject },
        },
      },
    ],
  }
}

/** Lets every principal of the account with `sts:AssumeRole` become the role. */
export function trustAccount(accountId: string): TrustPolicy {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
    ],
  }
}
