import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types'

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainIdentity } from '../../core/faults/identity.ts'
import type { SessionTag } from '../../core/identity/session-tags.ts'
import { roleParameters, type AskedRole } from './asked-role.ts'
import type { CredentialSources } from './credential-sources.ts'
import { callAws } from './failure.ts'
import { toIdentity } from './issued-credentials.ts'
import { clientConfiguration } from './settings.ts'

/**
 * Becomes a role with credentials. The SDK repeats what is transient, and corrects the time of a
 * clock that is wrong; a refusal it takes as one.
 * @throws ActionError with an identity code.
 */
export async function assumeRole(
  role: AskedRole,
  credentials: AwsCredentialIdentityProvider,
  sources: Pick<CredentialSources, 'sessionTags' | 'mask' | 'warn'>,
): Promise<AwsCredentialIdentity> {
  const sts = new STSClient(clientConfiguration({ region: role.region, credentials }, 3))
  try {
    return await askTagged(sts, role, sources)
  } catch (error) {
    throw error instanceof AwsFailure ? explainIdentity(error, { roleArn: role.arn }) : error
  } finally {
    sts.destroy()
  }
}

/** Tags that nobody's policy is likely to need make room, once, where the session has too much. */
async function askTagged(
  sts: STSClient,
  role: AskedRole,
  {
    sessionTags: { firm, droppable },
    mask,
    warn,
  }: Pick<CredentialSources, 'sessionTags' | 'mask' | 'warn'>,
): Promise<AwsCredentialIdentity> {
  if (!role.session.tagged) return await ask(sts, role, [], mask)
  try {
    return await ask(sts, role, [...firm, ...droppable], mask)
  } catch (error) {
    if (!(error instanceof AwsFailure) || !error.code.startsWith('PackedPolicyTooLarge'))
      throw error
    const names = droppable.map(({ Key }) => Key).join(', ')
    warn(`the session has no room for all its tags; left out: ${names}`)
    return await ask(sts, role, firm, mask)
  }
}

async function ask(
  sts: STSClient,
  role: AskedRole,
  tags: readonly SessionTag[],
  mask: (secret: string) => void,
): Promise<AwsCredentialIdentity> {
  const { externalId } = role.session
  const command = new AssumeRoleCommand({
    ...roleParameters(role),
    ...(externalId !== undefined && { ExternalId: externalId }),
    ...(tags.length > 0 && { Tags: [...tags] }),
  })
  const { Credentials } = await callAws('STS', 'AssumeRole', () => sts.send(command))
  return toIdentity('AssumeRole', Credentials, mask)
}
