import { ActionError } from '../../core/errors/action-error.ts'
import { repositoryUri, type Repository } from '../../core/image/repository/repository.ts'
import {
  describeCreation,
  type RepositoryCreation,
} from '../../core/image/repository/repository-settings.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { EcrRepositories } from '../../ports/ecr-repositories.ts'
import type { Ports } from '../../ports/ports.ts'
import { keyOf, placeOf, writeEcr } from '../aws/ask-ecr.ts'

/**
 * Makes the repositories that are missing, with their policies. One that somebody else makes in the
 * meantime is as good, and is not changed.
 * @throws ActionError naming the repository, and what of it is not as it was asked for.
 */
export async function createRepositories(
  creations: readonly RepositoryCreation[],
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<void> {
  if (creations.length === 0) return
  await ports.report.phase('create', 'Create what is missing', async () => {
    const each = new Map(creations.map((one) => [repositoryUri(one.repository), one]))
    for (const creation of each.values()) await create(creation, session, ports)
  })
}

async function create(
  creation: RepositoryCreation,
  session: AwsSession,
  { report, signal }: Pick<Ports, 'report' | 'signal'>,
): Promise<void> {
  const { repository } = creation
  const uri = repositoryUri(repository)
  if (creation.kind === 'template') {
    report.line(`${uri} is made by the push: the creation template "${creation.prefix}" covers it`)
    return
  }
  const { mutability, settings } = creation
  const ecr = session.ecr(repository.registry)
  const missing = policiesOf(creation, ecr, signal)
  signal.throwIfAborted()
  report.begin()
  try {
    const made = await writeEcr(placeOf(repository), signal, () =>
      ecr.createRepository(keyOf(repository), mutability, settings, signal),
    )
    if (!made) {
      report.line(`${uri} was made by somebody else in the meantime, and is left as it is`)
      return
    }
    report.line(`created ${uri}: ${describeCreation(creation)}`)
    await putPolicies(missing, repository, signal)
  } catch (error) {
    if (signal.aborted && missing.size > 0) {
      report.warning(
        `the run was cancelled: "${uri}" may be there without its ${namesOf(missing)}. ${unchanged}`,
      )
    }
    throw error
  }
}

/** What a repository gets once it is there, by the input that asks for it. */
type Policies = Map<string, () => Promise<void>>

function policiesOf(
  { repository, settings }: Extract<RepositoryCreation, { kind: 'create' }>,
  ecr: EcrRepositories,
  signal: AbortSignal,
): Policies {
  const { lifecyclePolicy, repositoryPolicy } = settings
  const key = keyOf(repository)
  const policies: Policies = new Map()
  if (lifecyclePolicy !== undefined) {
    policies.set('lifecycle-policy', () => ecr.putLifecyclePolicy(key, lifecyclePolicy, signal))
  }
  if (repositoryPolicy !== undefined) {
    policies.set('repository-policy', () => ecr.setRepositoryPolicy(key, repositoryPolicy, signal))
  }
  return policies
}

/**
 * Puts policies, and takes each out of `missing` that is there. The repository is made by now: who
 * runs the job again has to know what it lacks.
 */
async function putPolicies(
  missing: Policies,
  repository: Repository,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const [key, put] of missing) {
      await writeEcr(placeOf(repository), signal, put)
      missing.delete(key)
    }
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    throw new ActionError(
      error.code,
      `"${repositoryUri(repository)}" was created, but without its ${namesOf(missing)}: ${error.message}`,
      `${error.remedy} ${unchanged}`,
      { cause: error },
    )
  }
}

const unchanged =
  'A repository that is there is not changed: put on it yourself what is missing, or delete it and run the job again.'

function namesOf(missing: Policies): string {
  return [...missing.keys()].join(' and ')
}
