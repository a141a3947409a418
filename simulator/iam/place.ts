/** Where the ARNs of resources live. */
export interface Place {
  readonly accountId: string
  readonly region: string
}

/** The ARN of a repository: `arn:aws:ecr:us-east-1:123456789012:repository/shop/api`. */
export function repositoryArn(name: string, { accountId, region }: Place): string {
  return `arn:aws:ecr:${region}:${accountId}:repository/${name}`
}
