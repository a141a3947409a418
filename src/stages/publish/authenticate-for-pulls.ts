import { untrustedReason } from '../../core/guards/untrusted-event.ts'
import type { LocalBuildInputs } from '../../core/inputs/inputs.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { authenticate } from '../authenticate.ts'

/**
 * Becomes somebody in AWS for a build that is not pushed, where it may pull from `registries`. An
 * untrusted event never does: what it builds could read the password.
 * @returns undefined where the build goes without.
 * @throws ActionError with an identity code.
 */
export async function authenticateForPulls(
  inputs: LocalBuildInputs,
  region: string,
  ports: Ports,
): Promise<AwsSession | undefined> {
  if (inputs.build.registries.length === 0) return undefined
  const reason = untrustedReason(ports.context)
  if (reason === undefined) return await authenticate(inputs, region, ports)
  ports.report.notice(`registries: the build goes without these logins, because ${reason}`)
  return undefined
}
