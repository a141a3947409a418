import type { Policy } from './policy/document.ts'

/** What an identity's policies allow; both may be changed at any time. */
export interface Grant {
  /** Exactly these actions (`ecr:*` and the like), on everything. */
  allow: readonly string[] | undefined
  /** A policy document beside that; with neither everything is allowed. */
  policy: Policy | undefined
}

/** Someone who can sign requests. */
export interface Principal {
  /** `arn:aws:iam::123456789012:user/admin`, `arn:aws:sts::…:assumed-role/deployer/session` */
  readonly arn: string
  readonly accountId: string
  /** As GetCallerIdentity tells it: `AROA…:session`, `AIDA…`, of the root user the account. */
  readonly userId: string
  readonly grant: Grant
  /** Session policies, which together limit what `grant` allows. */
  readonly sessionPolicies?: readonly Policy[]
  /** Session tags. */
  readonly tags?: Readonly<Record<string, string>>
  /** Keys of the tags that go on to sessions which this one opens. */
  readonly transitiveTagKeys?: readonly string[]
  /** The role behind a session. */
  readonly roleArn?: string
}

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** The simulator's time in milliseconds since the Unix epoch; undefined never expires. */
  readonly expiresAtMs?: number
  readonly principal: Principal
}
