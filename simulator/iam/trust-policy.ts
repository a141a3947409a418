import { matchesWildcard } from './wildcard.ts'

type OneOrMore = string | readonly string[]

/** One statement of a role's trust policy, in IAM's own JSON. Only `Allow` is known. */
export interface TrustStatement {
  readonly Effect: 'Allow'
  readonly Principal: '*' | { readonly Federated?: OneOrMore; readonly AWS?: OneOrMore }
  readonly Action: OneOrMore
  /** Operator -> condition key -> values; `StringEquals` and `StringLike` are known. */
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
  readonly context: Readonly<Record<string, string | undefined>>
}

const OPERATORS: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (expected, value) => expected === value,
  StringLike: matchesWildcard,
}

/** Throws for an operator that is not known: a condition is never quietly passed over. */
export function validateTrustPolicy(policy: TrustPolicy): void {
  for (const { Condition = {} } of policy.Statement) {
    for (const operator of Object.keys(Condition)) {
      if (Object.hasOwn(OPERATORS, operator)) continue
      const known = Object.keys(OPERATORS).join(', ')
      throw new Error(`trust policy: condition operator '${operator}' is not one of ${known}`)
    }
  }
}

/** Whether a statement of `policy` lets the asker in. */
export function isTrusted(policy: TrustPolicy, request: TrustRequest): boolean {
  return policy.Statement.some(
    (statement) =>
      list(statement.Action).some((action) => matchesWildcard(action, request.action)) &&
      namesOf(statement.Principal).some(
        (name) => name === '*' || request.principals.includes(name),
      ) &&
      meets(statement.Condition ?? {}, request.context),
  )
}

function namesOf(principal: TrustStatement['Principal']): readonly string[] {
  if (principal === '*') return ['*']
  return [...list(principal.Federated ?? []), ...list(principal.AWS ?? [])]
}

function meets(
  condition: NonNullable<TrustStatement['Condition']>,
  context: TrustRequest['context'],
): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, patterns]) => {
      const value = context[key]
      const matches = OPERATORS[operator]
      if (value === undefined || matches === undefined) return false
      return list(patterns).some((pattern) => matches(pattern, value))
    }),
  )
}

function list(value: OneOrMore): readonly string[] {
  return typeof value === 'string' ? [value] : value
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
