import { checkCaller } from '../core/identity/caller.ts'
import type { Inputs } from '../core/inputs/inputs.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'

/**
 * Becomes somebody in AWS, says who, and checks that it is who was asked for, before anything else
 * is read or written.
 * @throws ActionError with an identity code.
 */
export async function authenticate(
  inputs: Inputs,
  region: string,
  ports: Ports,
): Promise<AwsSession> {
  return ports.report.phase('authenticate', 'Authenticating', async () => {
    const session = await ports.aws.open(inputs.identity, region, ports.signal)
    const { caller } = session
    ports.report.line(`Caller: ${caller.arn} in ${region}`)
    ports.report.record({ callerArn: caller.arn, region })
    checkCaller(caller, inputs.identity)
    return session
  })
}
