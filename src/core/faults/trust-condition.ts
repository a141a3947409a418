import type { TokenClaims } from '../identity/subject.ts'

/**
 * The condition that lets a job in, ready to be written into a role's trust policy: with the
 * subject it sent, and with the same subject in GitHub's other form, which a policy that is older
 * or newer than the repository may have.
 */
export function trustCondition({ provider, aud, sub, otherSub }: TokenClaims): string {
  const condition = (subject: string): string =>
    `{"StringEquals": {"${provider}:aud": ${JSON.stringify(aud)}, "${provider}:sub": ${JSON.stringify(subject)}}}`
  const other =
    otherSub === undefined
      ? ''
      : ` GitHub writes the same subject as ${JSON.stringify(otherSub)}, too; a policy that has it does not let this token in.`
  return (
    `The token's sub is ${JSON.stringify(sub)}, its aud ${JSON.stringify(aud)}: let the trust policy of the role allow ` +
    `sts:AssumeRoleWithWebIdentity with "Condition": ${condition(sub)}.${other}`
  )
}
