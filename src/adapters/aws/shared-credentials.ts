import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types'

import type { Clock } from '../../ports/clock.ts'

/** How long before their end credentials are replaced; the SDK asks anew from then on, too. */
const renewalMarginMs = 5 * 60_000
/** Credentials that could not be replaced are good enough until this long before their end. */
const lastUseMs = 10_000
/** After a renewal that failed the next one is not tried sooner. */
const renewalRestMs = 30_000

/**
 * One set of credentials for all clients of a session; made anew shortly before it ends. A renewal
 * that fails is tried again for as long as the credentials at hand hold.
 */
export function shareCredentials(
  provider: AwsCredentialIdentityProvider,
  clock: Pick<Clock, 'now'>,
): AwsCredentialIdentityProvider {
  let held: AwsCredentialIdentity | undefined
  let pending: Promise<AwsCredentialIdentity> | undefined
  let renewAtMs = 0
  const leftMs = () => (held?.expiration?.getTime() ?? Infinity) - clock.now().getTime()
  const renew = async (): Promise<AwsCredentialIdentity> => {
    try {
      held = await provider()
      renewAtMs = (held.expiration?.getTime() ?? Infinity) - renewalMarginMs
      return held
    } catch (error) {
      renewAtMs = clock.now().getTime() + Math.min(renewalRestMs, leftMs() - lastUseMs)
      if (held === undefined || leftMs() <= lastUseMs) throw error
      return held
    } finally {
      pending = undefined
    }
  }
  return async () => {
    if (held !== undefined && clock.now().getTime() < renewAtMs) return held
    return await (pending ??= renew())
  }
}
