import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'

import { backOffMs } from '../../core/back-off.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { RetryClass } from '../../core/errors/codes.ts'
import { explainIdentity } from '../../core/faults/identity.ts'
import { roleParameters, type AskedRole } from './asked-role.ts'
import type { CredentialSources } from './credential-sources.ts'
import { callAws } from './failure.ts'
import { toIdentity } from './issued-credentials.ts'
import { clientConfiguration } from './settings.ts'

/** How often STS is asked in all, by what its refusal says of asking again. */
const attempts: Readonly<Record<RetryClass, number>> = { never: 1, once: 2, backoff: 4 }

/**
 * Becomes a role with a token. Each attempt has a token of its own: they live for minutes, and one
 * that was refused is not taken again. What does not pass by itself is refused at once.
 * @throws ActionError with an identity code.
 */
export async function assumeRoleWithWebIdentity(
  role: AskedRole,
  freshToken: () => Promise<string>,
  { clock, signal, mask }: Pick<CredentialSources, 'clock' | 'signal' | 'mask'>,
): Promise<AwsCredentialIdentity> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const token = await freshToken()
      mask(token)
      return await ask(role, token, mask)
    } catch (error) {
      if (!(error instanceof ActionError) || attempt >= attempts[error.retry]) throw error
    }
    await clock.sleep(backOffMs(attempt, clock.chance()), signal)
  }
}

async function ask(
  role: AskedRole,
  token: string,
  mask: (secret: string) => void,
): Promise<AwsCredentialIdentity> {
  // The token is the credential of this call: it is not signed.
  const credentials = () => Promise.resolve({ accessKeyId: '', secretAccessKey: '' })
  const sts = new STSClient(clientConfiguration({ region: role.region, credentials }, 1))
  const command = new AssumeRoleWithWebIdentityCommand({
    ...roleParameters(role),
    WebIdentityToken: token,
  })
  const operation = 'AssumeRoleWithWebIdentity'
  try {
    const { Credentials } = await callAws('STS', operation, () => sts.send(command))
    return toIdentity(operation, Credentials, mask)
  } catch (error) {
    throw error instanceof AwsFailure ? explainIdentity(error, { roleArn: role.arn, token }) : error
  } finally {
    sts.destroy()
  }
}
