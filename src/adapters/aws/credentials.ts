import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types'

import type { SessionTags } from '../../core/identity/session-tags.ts'
import type { AccessKeys, IdentityInputs } from '../../core/inputs/inputs.ts'
import type { Clock } from '../../ports/clock.ts'
import { assumeRole } from './assume-role.ts'
import { maskSecrets } from './issued-credentials.ts'
import { assumeRoleWithWebIdentity } from './web-identity.ts'

/** Mints a fresh OIDC token of this job for `audience`. @throws ActionError `oidc-unavailable`. */
type MintToken = (audience: string) => Promise<string>

/** What the credentials of a session are made from. */
export interface CredentialSources {
  readonly mintToken: MintToken
  /** Reads the token of a file as it stands now. @throws ActionError `file-unreadable`. */
  readonly readToken: (path: string) => Promise<string>
  /** The machine's own: variables, profile, container or instance role. */
  readonly ambient: AwsCredentialIdentityProvider
  /** The tags of sessions that credentials open. */
  readonly sessionTags: SessionTags
  readonly mask: (secret: string) => void
  readonly warn: (text: string) => void
  readonly clock: Clock
  /** Ends rests between attempts. */
  readonly signal: AbortSignal
}

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
