import { STSClient, AssumeRoleCommand, AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import type { Credentials } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types'

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainIdentity } from '../../core/faults/identity.ts'
import type { AccessKeys, IdentityInputs } from '../../core/inputs/inputs.ts'
import { callAws } from './failure.ts'
import { clientConfiguration } from './settings.ts'

/** Mints a fresh OIDC token of this job for `audience`. @throws ActionError `oidc-unavailable`. */
export type MintToken = (audience: string) => Promise<string>

/** What the credentials of a session are made from. */
export interface CredentialSources {
  readonly mintToken: MintToken
  readonly mask: (secret: string) => void
  /** The machine's own: variables, profile, container or instance role. Undefined: the SDK finds it. */
  readonly ambient: AwsCredentialIdentityProvider
}

/**
 * The credentials that the inputs ask for: a role by the job's OIDC token; the keys that were
 * given, themselves or to assume the role; else what the machine has. The SDK asks again shortly
 * before they expire and then gets fresh ones, from a fresh token.
 */
export function credentialsFor(
  identity: IdentityInputs,
  region: string,
  sources: CredentialSources,
): AwsCredentialIdentityProvider {
  const { keys, roleToAssume } = identity
  if (keys !== undefined) {
    const given = () => Promise.resolve(keysToIdentity(keys, sources))
    return roleToAssume === undefined
      ? given
      : () => assumeRole(identity, roleToAssume, region, given, sources)
  }
  if (roleToAssume === undefined) return sources.ambient
  return () => assumeRoleWithToken(identity, roleToAssume, region, sources)
}

function keysToIdentity(keys: AccessKeys, sources: CredentialSources): AwsCredentialIdentity {
  sources.mask(keys.secretAccessKey)
  if (keys.sessionToken !== undefined) sources.mask(keys.sessionToken)
  return keys
}

async function assumeRole(
  identity: IdentityInputs,
  roleArn: string,
  region: string,
  credentials: AwsCredentialIdentityProvider,
  sources: CredentialSources,
): Promise<AwsCredentialIdentity> {
  const sts = new STSClient(clientConfiguration({ region, credentials }, 3))
  try {
    const answer = await callAws('STS', 'AssumeRole', () =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: identity.roleSessionName,
          DurationSeconds: identity.roleDurationSeconds,
        }),
      ),
    )
    return toIdentity(answer.Credentials, sources)
  } catch (error) {
    throw error instanceof AwsFailure ? explainIdentity(error, { roleArn }) : error
  } finally {
    sts.destroy()
  }
}

async function assumeRoleWithToken(
  identity: IdentityInputs,
  roleArn: string,
  region: string,
  sources: CredentialSources,
): Promise<AwsCredentialIdentity> {
  const token = await sources.mintToken(identity.audience)
  sources.mask(token)
  // The token is the credential of this call: it is not signed.
  const unsigned = () => Promise.resolve({ accessKeyId: '', secretAccessKey: '' })
  const sts = new STSClient(clientConfiguration({ region, credentials: unsigned }, 3))
  try {
    const answer = await callAws('STS', 'AssumeRoleWithWebIdentity', () =>
      sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: roleArn,
          RoleSessionName: identity.roleSessionName,
          DurationSeconds: identity.roleDurationSeconds,
          WebIdentityToken: token,
        }),
      ),
    )
    return toIdentity(answer.Credentials, sources)
  } catch (error) {
    throw error instanceof AwsFailure ? explainIdentity(error, { roleArn, token }) : error
  } finally {
    sts.destroy()
  }
}

function toIdentity(
  issued: Credentials | undefined,
  sources: CredentialSources,
): AwsCredentialIdentity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {}
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new AwsFailure({
      service: 'STS',
      operation: 'AssumeRole',
      code: 'EmptyAnswer',
      message: 'STS answered without credentials',
    })
  }
  sources.mask(SecretAccessKey)
  sources.mask(SessionToken)
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration !== undefined && { expiration: Expiration }),
  }
}
