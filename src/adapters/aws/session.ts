import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types'

import { isPublic } from '../../core/image/repository/repository.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainIdentity } from '../../core/faults/identity.ts'
import type { Aws, AwsSession, Caller, OpenedSession } from '../../ports/aws.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { CredentialSources } from './credential-sources.ts'
import { credentialsFor } from './credentials.ts'
import { readAws } from './failure.ts'
import { maskSecrets } from './issued-credentials.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'
import { shareCredentials } from './shared-credentials.ts'

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
      const own = credentialsFor(identity, region, sources)
      const credentials = shareCredentials(own, dependencies.clock)
      const settings = { region, credentials }
      const [caller, clients] = await Promise.all([
        askCaller(settings, identity.roleToAssume),
        loadClients(),
      ])
      return {
        ...toSession(caller, settings, clients, dependencies),
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
  const [ecr, ecrPublic, ecs, logs, targetGroups, roles] = await Promise.all([
    import('./ecr.ts'),
    import('./ecr-public.ts'),
    import('./ecs.ts'),
    import('./logs.ts'),
    import('./target-groups.ts'),
    import('./roles.ts'),
  ])
  return { ...ecr, ...ecrPublic, ...ecs, ...logs, ...targetGroups, ...roles }
}

function toSession(
  caller: Caller,
  settings: AwsClientSettings,
  clients: Awaited<ReturnType<typeof loadClients>>,
  { mask, clock }: Pick<AwsDependencies, 'mask' | 'clock'>,
): AwsSession {
  const registries = new Map<string, Ecr>()
  return {
    caller,
    region: settings.region,
    async childCredentials() {
      const current = await settings.credentials()
      // The machine's own were not masked yet.
      maskSecrets(current, mask)
      return childVariables(current)
    },
    ecs: clients.createEcs(settings),
    logs: clients.createContainerLogs(settings),
    targetGroups: clients.createTargetGroups(settings),
    roles: clients.createRoles(settings),
    ecr(registry) {
      const key = isPublic(registry) ? 'public' : registry.region
      const known = registries.get(key)
      if (known !== undefined) return known
      const created = isPublic(registry)
        ? clients.createEcrPublic(settings, { clock, mask })
        : clients.createEcr({ ...settings, region: registry.region })
      registries.set(key, created)
      return created
    },
  }
}

/** A profile of the job would win over them (AWS SDK for Go, which buildx asks). */
function childVariables(credentials: AwsCredentialIdentity): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_PROFILE: '',
  }
}

/** @throws ActionError where the credentials are missing, wrong, or may not say whose they are. */
async function askCaller(
  settings: AwsClientSettings,
  roleArn: string | undefined,
): Promise<Caller> {
  const sts = new STSClient(clientConfiguration(settings, 3))
  try {
    const answer = await readAws('STS', 'GetCallerIdentity', () =>
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
