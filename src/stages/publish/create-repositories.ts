import { ActionError } from '../../core/errors/action-error.ts'
import type { Maker } from '../../core/image/repository/maker.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import {
  describeWithoutPolicies,
  type RepositoryCreation,
} from '../../core/image/repository/repository-settings.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Report } from '../../ports/report.ts'
import { keyOf, placeOf, writeEcr } from '../aws/ask-ecr.ts'
import { Sending } from '../aws/sending.ts'
import { makeRepository } from './make-repository.ts'

/**
 * Makes the repositories that are missing, with their policies. One that somebody else makes in the
 * meantime is as good, and is not changed.
 * @throws ActionError naming the repository, and what of it is not as it was asked for.
 */
export async function createRepositories(
  creations: readonly RepositoryCreation[],
  session: AwsSession,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<void> {
  if (creations.length === 0) return
  await ports.report.phase('create', 'Create what is missing', async () => {
    const each = new Map(creations.map((one) => [repositoryUri(one.repository), one]))
    for (const creation of each.values()) {
      const { kind, repository } = creation
      if (kind === 'create') {
        await create(creation, session.ecr(repository.registry), ports)
        continue
      }
      const covered = `the creation template "${creation.prefix}" covers it`
      ports.report.line(`${repositoryUri(repository)} is made by the push: ${covered}`)
    }
  })
}

type Creation = Extract<RepositoryCreation, { kind: 'create' }>

async function create(
  creation: Creation,
  ecr: Ecr,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<void> {
  const { report, signal } = ports
  const { repository } = creation
  const uri = repositoryUri(repository)
  const left = policiesOf(creation, ecr, signal)
  const sending = new Sending(signal)
  let made = false
  signal.throwIfAborted()
  report.begin()
  try {
    const maker = await makeRepository(creation, ecr, sending, ports)
    if (maker !== 'us') {
      tellOfAnother(uri, maker, left, report)
      return
    }
    made = true
    report.line(`created ${uri}: ${describeWithoutPolicies(creation)}`)
    for (let [next] = left; next !== undefined; [next] = left) {
      await writeEcr(placeOf(repository), signal, next.put)
      left.shift()
      report.line(`put the ${next.input} on ${uri}`)
    }
  } catch (error) {
    if (left.length === 0 || !(made || sending.maybeTaken)) throw error
    const lacking = `without its ${namesOf(left)}`
    if (signal.aborted) {
      report.warning(`the run was cancelled: "${uri}" may be there ${lacking}. ${unchanged}`)
      throw error
    }
    if (!(error instanceof ActionError)) throw error
    const state = made ? `was created, but ${lacking}` : `may be there ${lacking}`
    throw wrap(error, `"${uri}" ${state}`)
  }
}

/** A policy that a repository gets once it is there. */
interface Policy {
  /** The input that asks for it. */
  readonly input: string
  readonly put: () => Promise<void>
}

function policiesOf({ repository, settings }: Creation, ecr: Ecr, signal: AbortSignal): Policy[] {
  const { lifecyclePolicy, repositoryPolicy } = settings
  const key = keyOf(repository)
  const policies: Policy[] = []
  if (lifecyclePolicy !== undefined) {
    const put = () => ecr.putLifecyclePolicy(key, lifecyclePolicy, signal)
    policies.push({ input: 'lifecycle-policy', put })
  }
  if (repositoryPolicy !== undefined) {
    const put = () => ecr.setRepositoryPolicy(key, repositoryPolicy, signal)
    policies.push({ input: 'repository-policy', put })
  }
  return policies
}

/** What this run did not make, or may not have made, is not touched. */
function tellOfAnother(
  uri: string,
  maker: Exclude<Maker, 'us'>,
  left: readonly Policy[],
  report: Pick<Report, 'line' | 'warning'>,
): void {
  if (maker === 'others') {
    report.line(`${uri} was made by somebody else in the meantime, and is left as it is`)
    return
  }
  const told = `"${uri}" is there, but who made it cannot be told: CreateRepository got no answer`
  if (left.length === 0) report.line(`${told}; it is left as it is`)
  else report.warning(`${told}. It may be without its ${namesOf(left)}. ${unchanged}`)
}

/** Who runs the job again has to know what it lacks: the next run finds the repository there. */
function wrap(error: ActionError, state: string): ActionError {
  const remedy = `${error.remedy} ${unchanged}`
  return new ActionError(error.code, `${state}: ${error.message}`, remedy, { cause: error })
}

const unchanged =
  'A repository that is there is not changed: put on it yourself what is missing, or delete it and run the job again.'

function namesOf(policies: readonly Policy[]): string {
  return policies.map(({ input }) => input).join(' and ')
}
