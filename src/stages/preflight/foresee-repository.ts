import { AwsFailure } from '../../core/errors/aws-failure.ts'
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
import { untilAborted } from '../aws/until-aborted.ts'

const readTemplates = 'ecr:DescribeRepositoryCreationTemplates'
const unread = `without the permission ${readTemplates} it is not known whether a push would make the repository by a template`

/** How a repository that is missing is made. */
export interface NewRepository {
  readonly settings: RepositorySettings
  readonly mutability: TagMutability
}

/** A repository that is missing, and how it comes to be. */
type ForeseenRepository = RepositoryFacts & { readonly creation: RepositoryCreation }

/**
 * What a missing repository will be: made by the first push where a template of the registry makes
 * it, else as the settings say. Its host is as it was written, else as ECR tells it. Nothing is
 * written.
 * @param creation Undefined: we make none.
 * @returns undefined where neither a template nor we make it.
 * @throws ActionError
 */
export async function foreseeRepository(
  { name, host }: RepositoryReference,
  creation: NewRepository | undefined,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<ForeseenRepository | undefined> {
  const { accountId, region } = host ?? { ...session.caller, region: session.region }
  // A registry tells its templates to its own account alone (DescribeRepositoryCreationTemplates).
  const template =
    accountId === session.caller.accountId
      ? await templateFor(name, region, creation, session, ports)
      : undefined
  const how = template ?? creation
  if (how === undefined) return undefined
  const registry = host ?? (await hostOf(accountId, region, session))
  const repository = { registry, name }
  const { mutability } = how
  const facts = { repository, mutability, existing: new Map(), taken: new Map() }
  return 'prefix' in how
    ? { ...facts, creation: { kind: 'template', repository, prefix: how.prefix } }
    : { ...facts, creation: { kind: 'create', repository, ...how } }
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

/**
 * The template that covers a name: the longest prefix wins (ECR user guide, creation templates).
 * Where templates may not be read, and we make what is missing, that is worth a warning; where we do
 * not, what is missing ends the run, and a line of the log is enough.
 */
async function templateFor(
  name: string,
  region: string,
  creation: NewRepository | undefined,
  session: AwsSession,
  { report, signal }: Pick<Ports, 'report' | 'signal'>,
): Promise<PushTemplate | undefined> {
  const place = { region, accountId: session.caller.accountId, repository: name }
  const templates = await askEcr(place, async () => {
    try {
      return await untilAborted(() => session.ecr({ region }).pushTemplates(), signal)
    } catch (error) {
      if (!(error instanceof AwsFailure && error.denied)) throw error
      report.detail(`${readTemplates}: ${error.code}: ${error.message}`)
      if (creation === undefined) report.line(`${name}: ${unread}`)
      else report.warnOnce(unread)
      return []
    }
  })
  const covering = templates.filter(
    ({ prefix }) => prefix === 'ROOT' || name.startsWith(`${prefix}/`),
  )
  const weight = ({ prefix }: PushTemplate): number => (prefix === 'ROOT' ? 0 : prefix.length)
  return covering.toSorted((one, other) => weight(other) - weight(one))[0]
}
