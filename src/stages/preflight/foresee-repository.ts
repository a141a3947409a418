import type {
  RepositoryCreation,
  RepositorySettings,
} from '../../core/image/repository/repository-settings.ts'
import type { RepositoryFacts } from '../../core/image/repository/repository-facts.ts'
import {
  parseEcrHost,
  type EcrHost,
  type RepositoryReference,
} from '../../core/image/repository/repository.ts'
import type { TagMutability } from '../../core/image/repository/tag-mutability.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { PushTemplate } from '../../ports/ecr-repositories.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr } from '../aws/ask-ecr.ts'
import { OptionalReads } from '../aws/optional-reads.ts'

/** How a repository that is missing is made. */
export interface NewRepository {
  readonly settings: RepositorySettings
  readonly mutability: TagMutability
}

/**
 * What a missing repository will be: made as the settings say, or by the first push where a template
 * of the registry makes it. Its host is as it was written, else as ECR tells it. Nothing is written.
 * @throws ActionError
 */
export async function foreseeRepository(
  { name, host }: RepositoryReference,
  { settings, mutability }: NewRepository,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<RepositoryFacts & { readonly creation: RepositoryCreation }> {
  const { caller } = session
  const accountId = host?.accountId ?? caller.accountId
  const registry = host ?? (await hostOf(accountId, session.region, session))
  const repository = { registry, name }
  // A registry tells its templates to its own account alone (DescribeRepositoryCreationTemplates).
  const template =
    accountId === caller.accountId ? await templateFor(name, registry, session, ports) : undefined
  const nothing = { existing: new Map(), taken: new Map() }
  if (template !== undefined) {
    const { prefix } = template
    const creation = { kind: 'template' as const, repository, prefix }
    return { repository, mutability: template.mutability, ...nothing, creation }
  }
  const creation = { kind: 'create' as const, repository, mutability, settings }
  return { repository, mutability, ...nothing, creation }
}

/** The host of an account's registry as ECR's proxyEndpoint tells it. */
export async function hostOf(
  accountId: string,
  region: string,
  session: AwsSession,
): Promise<EcrHost> {
  const [host = ''] = await askEcr({ region, accountId, repository: undefined }, () =>
    session.ecr({ region }).registryHosts([accountId]),
  )
  return parseEcrHost(host) ?? { host, accountId, region }
}

/** The template that covers a name: the longest prefix wins (ECR user guide, creation templates). */
async function templateFor(
  name: string,
  { region, accountId }: EcrHost,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<PushTemplate | undefined> {
  const without = 'it is not known whether a push would make the repository by a template'
  const templates = await askEcr({ region, accountId, repository: name }, () =>
    new OptionalReads(ports).ifAllowed('ecr:DescribeRepositoryCreationTemplates', without, () =>
      session.ecr({ region }).pushTemplates(),
    ),
  )
  const covering = templates?.filter(
    ({ prefix }) => prefix === 'ROOT' || name.startsWith(`${prefix}/`),
  )
  const weight = ({ prefix }: PushTemplate): number => (prefix === 'ROOT' ? 0 : prefix.length)
  return covering?.toSorted((one, other) => weight(other) - weight(one))[0]
}
