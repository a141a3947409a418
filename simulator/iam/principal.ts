/** What a principal may do: exactly the listed actions, `*` as in IAM; undefined allows all. */
export interface Grant {
  allow: readonly string[] | undefined
}

/** Someone who can sign requests. Every one of its grants has to allow an action. */
export interface Principal {
  /** `arn:aws:iam::123456789012:user/admin`, `arn:aws:sts::…:assumed-role/deployer/session` */
  readonly arn: string
  readonly accountId: string
  /** As GetCallerIdentity tells it: `AROA…:session`, `AIDA…`. */
  readonly userId: string
  readonly grants: readonly Grant[]
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
