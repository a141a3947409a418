import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types'

import type { AccessKeys, IdentityInputs } from '../../core/inputs/inputs.ts'
import { assumeRole } from './assume-role.ts'
import type { CredentialSources } from './credential-sources.ts'
import { maskSecrets } from './issued-credentials.ts'
import { assumeRoleWithWebIdentity } from './web-identity.ts'

/**
 * The credentials that the inputs ask for: of the role, by what proves who we are; without a role
 * the keys that were given, or what the machine has. The SDK asks again shortly before they expire
 * and then gets fresh ones, from a fresh token.
 */
export function credentialsFor(
  { proof, roleToAssume, roleSession }: IdentityInputs,
  region: string,
  sources: CredentialSources,
): AwsCredentialIdentityProvider {
  const own =
    proof.kind === 'keys'
      ? () => Promise.resolve(keysToIdentity(proof.keys, sources))
      : sources.ambient
  if (roleToAssume === undefined) return own
  const role = { arn: roleToAssume, region, session: roleSession }
  switch (proof.kind) {
    case 'oidc':
      return () => assumeRoleWithWebIdentity(role, () => sources.mintToken(proof.audience), sources)
    case 'token-file':
      return () => assumeRoleWithWebIdentity(role, () => sources.readToken(proof.path), sources)
    case 'keys':
    case 'ambient':
      return () => assumeRole(role, own, sources)
  }
}

function keysToIdentity(
  keys: AccessKeys,
  { mask }: Pick<CredentialSources, 'mask'>,
): AwsCredentialIdentity {
  maskSecrets(keys, mask)
  return keys
}
