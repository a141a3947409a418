import type { AwsCredentialIdentityProvider } from '@aws-sdk/types'

import type { SessionTags } from '../../core/identity/session-tags.ts'
import type { Clock } from '../../ports/clock.ts'

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
