import { ActionError } from '../../core/errors/action-error.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import {
  describeCreation,
  type RepositoryCreation,
} from '../../core/image/repository/repository-settings.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf } from '../aws/ask-ecr.ts'

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
  signal.throwIfAborted()
  report.begin()
  const made = await askEcr(placeOf(repository), () =>
    ecr.createRepository(keyOf(repository), mutability, settings),
  )
  if (!made) {
    report.line(`${uri} was made by somebody else in the meantime, and is left as it is`)
    return
  }
  report.line(`created ${uri}: ${describeCreation(creation)}`)
  const { lifecyclePolicy, repositoryPolicy } = settings
  if (lifecyclePolicy !== undefined) {
    await policy('lifecycle-policy', creation, () =>
      ecr.putLifecyclePolicy(keyOf(repository), lifecyclePolicy),
    )
  }
  if (repositoryPolicy !== undefined) {
    await policy('repository-policy', creation, () =>
      ecr.setRepositoryPolicy(keyOf(repository), repositoryPolicy),
    )
  }
}

/** The repository is there by now: who runs the job again has to know that its policy is not. */
async function policy(
  key: string,
  { repository }: RepositoryCreation,
  put: () => Promise<void>,
): Promise<void> {
  try {
    await askEcr(placeOf(repository), put)
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    throw new ActionError(
      error.code,
      `"${repositoryUri(repository)}" was created, but without its ${key}: ${error.message}`,
      `${error.remedy} A repository that is there is not changed: put the policy on it yourself, or delete it and run the job again.`,
      { cause: error },
    )
  }
}
