import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types'

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainIdentity } from '../../core/faults/identity.ts'
import type { Aws, AwsSession, Caller, OpenedSession } from '../../ports/aws.ts'
import type { Ecr } from '../../ports/ecr.ts'
import { credentialsFor, type CredentialSources } from './credentials.ts'
import { callAws } from './failure.ts'
import { maskSecrets } from './issued-credentials.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

/** How long before their end credentials are replaced. */
const renewalMarginMs = 5 * 60_000

/** What AWS by its SDK needs of the surroundings. */
export interface AwsDependencies extends Omit<CredentialSources, 'ambient' | 'signal'> {
  /** Hands credentials, which are masked already, to the later steps of the job. */
  readonly exportCredentials: (
    credentials: AwsCredentialIdentity & { readonly region: string },
  ) => void
}

/** AWS by its SDK. The clients beside STS are loaded while STS answers, and only once. */
export function createAws(dependencies: AwsDependencies): Aws {
  return {
    async open(identity, region, signal): Promise<OpenedSession> {
      const ambient = ambientProvider(region)
      const sources = { ...dependencies, ambient, signal }
      const credentials = shared(credentialsFor(identity, region, sources))
      const settings = { region, credentials }
      const [caller, clients] = await Promise.all([
        askCaller(settings, identity.roleToAssume),
        loadClients(),
      ])
      return {
        ...toSession(caller, settings, clients),
        async exportCredentials() {
          const current = await credentials()
          // The machine's own were not masked yet.
          maskSecrets(current, dependencies.mask)
          dependencies.exportCredentials({ ...current, region })
        },
      }
    },
  }
}

async function loadClients() {
  const [ecr, ecs, logs] = await Promise.all([
    import('./ecr.ts'),
    import('./ecs.ts'),
    import('./logs.ts'),
  ])
  return { ...ecr, ...ecs, ...logs }
}

function toSession(
  caller: Caller,
  settings: AwsClientSettings,
  clients: Awaited<ReturnType<typeof loadClients>>,
): AwsSession {
  const registries = new Map<string, Ecr>()
  return {
    caller,
    region: settings.region,
    ecs: clients.createEcs(settings),
    logs: clients.createContainerLogs(settings),
    ecr(region) {
      const known = registries.get(region)
      if (known !== undefined) return known
      const created = clients.createEcr({ ...settings, region })
      registries.set(region, created)
      return created
    },
  }
}

/** @throws ActionError where the credentials are missing, wrong, or may not say whose they are. */
async function askCaller(
  settings: AwsClientSettings,
  roleArn: string | undefined,
): Promise<Caller> {
  const sts = new STSClient(clientConfiguration(settings, 3))
  try {
    const answer = await callAws('STS', 'GetCallerIdentity', () =>
      sts.send(new GetCallerIdentityCommand({})),
    )
    const { Account: accountId, Arn: arn } = answer
    if (accountId !== undefined && arn !== undefined) return { accountId, arn }
    throw new AwsFailure({
      service: 'STS',
      operation: 'GetCallerIdentity',
      code: 'EmptyAnswer',
      message: 'STS answered without an account',
    })
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    throw explainIdentity(error, roleArn === undefined ? {} : { roleArn })
  } finally {
    sts.destroy()
  }
}

/** The SDK's own search: variables, profile, SSO, web identity file, container, instance. */
function ambientProvider(region: string): AwsCredentialIdentityProvider {
  const sts = new STSClient({ region })
  return () => sts.config.credentials()
}

/** One set of credentials for all clients of a session; made anew shortly before it ends. */
function shared(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let current: Promise<AwsCredentialIdentity> | undefined
  let renewAtMs = 0
  return () => {
    if (current === undefined || Date.now() >= renewAtMs) {
      renewAtMs = Number.POSITIVE_INFINITY
      const next = provider()
      current = next
      next.then(
        ({ expiration }) => {
          if (expiration !== undefined) renewAtMs = expiration.getTime() - renewalMarginMs
        },
        () => {
          // The caller sees the failure; the next call tries again.
          renewAtMs = 0
        },
      )
    }
    return current
  }
}
