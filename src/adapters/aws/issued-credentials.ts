import type { Credentials } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@aws-sdk/types'

import { AwsFailure } from '../../core/errors/aws-failure.ts'

/** Hides what signs. The id of an access key is none of it: it says who, and hides nothing. */
export function maskSecrets(
  {
    secretAccessKey,
    sessionToken,
  }: Pick<AwsCredentialIdentity, 'secretAccessKey' | 'sessionToken'>,
  mask: (secret: string) => void,
): void {
  mask(secretAccessKey)
  if (sessionToken !== undefined) mask(sessionToken)
}

/** What STS issued, masked. @throws AwsFailure `EmptyAnswer`. */
export function toIdentity(
  operation: string,
  issued: Credentials | undefined,
  mask: (secret: string) => void,
): AwsCredentialIdentity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {}
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    const message = 'STS answered without credentials'
    throw new AwsFailure({ service: 'STS', operation, code: 'EmptyAnswer', message })
  }
  const identity = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration !== undefined && { expiration: Expiration }),
  }
  maskSecrets(identity, mask)
  return identity
}
