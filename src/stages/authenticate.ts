import { checkCaller } from '../core/identity/caller.ts'
import type { Inputs } from '../core/inputs/inputs.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import type { Report } from '../ports/report.ts'

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
    const { exportCredentials, maskAccountId, roleToAssume } = inputs.identity
    if (maskAccountId) maskAccount(accountOf(roleToAssume), ports.report)
    const session = await ports.aws.open(inputs.identity, region, ports.signal)
    const { caller } = session
    if (maskAccountId) {
      maskAccount(caller.accountId, ports.report)
      ports.report.warning(
        'mask-aws-account-id: GitHub drops outputs that hold the account id between jobs; `digest`, `tags` and `version` pass',
      )
    }
    ports.report.line(`Caller: ${caller.arn} in ${region}`)
    checkCaller(caller, inputs.identity)
    if (exportCredentials && inputs.dryRun) {
      ports.report.notice('output-env-credentials: a dry run hands no credentials to later steps')
    } else if (exportCredentials) await session.exportCredentials()
    return session
  })
}

function accountOf(roleArn = ''): string | undefined {
  return /^arn:[^:]+:iam::(\d{12}):/.exec(roleArn)?.[1]
}

function maskAccount(accountId: string | undefined, report: Pick<Report, 'mask'>): void {
  if (accountId !== undefined) report.mask(accountId)
}
