import type { AssumeRoleWithWebIdentityCommandInput } from '@aws-sdk/client-sts'

import type { RoleSession } from '../../core/inputs/inputs.ts'

/** A role that is to be assumed. */
export interface AskedRole {
  readonly arn: string
  /** Where STS is asked. */
  readonly region: string
  readonly session: RoleSession
}

/** What STS is told of a role and its session, whatever proves who asks. */
export function roleParameters({
  arn,
  session: { name, durationSeconds, inlinePolicy, managedPolicies },
}: AskedRole): Omit<AssumeRoleWithWebIdentityCommandInput, 'WebIdentityToken'> {
  return {
    RoleArn: arn,
    RoleSessionName: name,
    DurationSeconds: durationSeconds,
    ...(inlinePolicy !== undefined && { Policy: inlinePolicy }),
    ...(managedPolicies.length > 0 && {
      PolicyArns: managedPolicies.map((policy) => ({ arn: policy })),
    }),
  }
}
