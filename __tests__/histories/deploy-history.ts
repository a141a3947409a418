import type { History } from '../../simulator/histories/history.ts'
import { tellTruth } from '../../simulator/histories/oracle.ts'
import { deploymentStatuses, play } from '../../simulator/histories/play.ts'
import { ActionError } from '../../src/core/errors/action-error.ts'
import { dateAt, objectsAt, stringAt, stringsAt } from '../../src/core/json.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { inspectServices } from '../../src/stages/preflight/inspect-services.ts'
import { inputs } from '../support/ecs-world.ts'
import { noGitHub } from '../support/no-github.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { runContext } from '../support/run-context.ts'
import { openAccount, type Account, type Transport } from './account.ts'
import { DisturbedEcs } from './disturbed-ecs.ts'

/** What came of a history: what the action says, and what is so. */
export interface Deployed {
  readonly outcome: ServiceOutcome
  /** After UpdateService, when the action ended. */
  readonly endedAtMs: number
  /** After UpdateService, when ECS had completed our deployment; undefined: it never did. */
  readonly completedAtMs: number | undefined
  readonly updates: number
  /** When the action ended: the revision of PRIMARY, its rollout state, and whose image its tasks run. */
  readonly live: {
    readonly revision: string
    readonly state: string
    readonly ours: boolean
    /** After UpdateService: since when one of its tasks has run. Undefined: none runs. */
    readonly runningSinceMs: number | undefined
  }
  /** What ECS's record of our deployment says once it has come to rest, if it ever does. */
  readonly status: string
  /** What the action told. */
  readonly log: string
}

const image = pushedImage(1)
const ownDigests = [image.digest, ...image.platforms.map(({ digest }) => digest)]
const restsMs = [0, 600_000, 3_600_000, 7_200_000]
const over = /SUCCESSFUL|FAILED|STOPPED$/

/** Plays the history with the action's deploy half in it: preflight, register, update, await. */
export async function deployHistory(history: History, transport: Transport): Promise<Deployed> {
  const account = await openAccount(history, transport)
  try {
    await play(history, account)
    return await deploy(history, account)
  } finally {
    await account.close()
  }
}

async function deploy(history: History, account: Account): Promise<Deployed> {
  const { clock } = account
  const report = new RecordingReport()
  const abort = new AbortController()
  const disturbed = new DisturbedEcs(account, history)
  const ports = portsOf(account, report, abort.signal)
  const session = sessionOf(disturbed)
  const startedAtMs = clock.monotonicMs()
  if (history.run.cancelAtMs !== undefined) {
    clock.after(history.run.cancelAtMs, () => {
      abort.abort(new ActionError('cancelled', 'cancelled by the runner', 'Nothing.'))
      return Promise.resolve()
    })
  }
  const { deadlineMs, maxTaskFailures, onPause, onFailure, onTimeout } = history.run
  const asked = {
    ...{ ...inputs, maxTaskFailures, waitMinutes: deadlineMs / 60_000 },
    waiting: { ...inputs.waiting, onPause },
    policies: { ...inputs.policies, onFailure, onTimeout },
  }
  const target = {
    repository: image.repository,
    platforms: image.platforms.map(({ platform }) => platform),
  }
  const plans = await inspectServices(asked, target, session, ports)
  const toDeploy = { services: plans, deployOrder: 'parallel' as const }
  const { services } = await deployServices(toDeploy, image, session, ports)
  const [outcome] = services
  if (outcome === undefined) throw new TypeError('no outcome')
  const endedAtMs = clock.monotonicMs() - startedAtMs
  const live = await lookAt(account, startedAtMs)
  const status = await restOf(history, account)
  const completedMs = await completedAt(account)
  const completedAtMs = completedMs && completedMs - startedAtMs
  const log = report.everything
  return { outcome, endedAtMs, completedAtMs, updates: disturbed.updates, live, status, log }
}

/** What ECS's record of our deployment comes to; `IN_PROGRESS` for all that is not over. */
async function restOf(history: History, account: Account): Promise<string> {
  const { statuses } = tellTruth(history)
  const ends = statuses.size > 0 && !statuses.has('IN_PROGRESS')
  // A crash loop that nobody ends goes on for ever.
  for (const restMs of ends ? restsMs : [0]) {
    await account.clock.sleep(restMs)
    const [, status = 'none'] = await deploymentStatuses(account)
    if (over.test(status)) return status
  }
  return 'IN_PROGRESS'
}

/** By ECS's own record of our deployment, the second of the service. */
async function completedAt(account: Account): Promise<number | undefined> {
  const answer = await account.ask('ListServiceDeployments', { cluster: 'prod', service: 'web' })
  const [, ours = {}] = objectsAt(answer, 'serviceDeployments').toReversed()
  return stringAt(ours, 'status') === 'SUCCESSFUL'
    ? dateAt(ours, 'finishedAt')?.getTime()
    : undefined
}

function portsOf({ clock }: Account, report: RecordingReport, signal: AbortSignal): Ports {
  const unused = (): never => {
    throw new TypeError('a deploy does not do that')
  }
  return {
    ...{ clock, report, signal, github: noGitHub },
    aws: { open: unused },
    context: runContext({ event: { repository: { private: true } } }),
    dockerCredentials: { open: unused },
    files: {
      ...{ readText: unused, exists: unused, isEmptyFolder: unused, makeFolder: unused },
      writeTemporary: (name) => Promise.resolve(`/temporary/${name}`),
    },
    postState: {
      ...{ saveBuilder: unused, saveDockerConfiguration: unused },
      ...{ saveEmulators: unused, forgetEmulators: unused },
    },
    processes: { run: unused, variable: unused },
  }
}

function sessionOf(disturbed: DisturbedEcs): AwsSession {
  return {
    caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/deployer' },
    region: 'us-east-1',
    ecs: disturbed.port,
    logs: {
      tail: () => Promise.resolve([]),
      readOn: () => Promise.resolve({ lines: [], token: undefined }),
    },
    targetGroups: {
      targets: () => Promise.resolve([]),
      deregistrationDelaySeconds: () => Promise.resolve(undefined),
    },
    roles: { exists: () => Promise.resolve(true) },
    ecr: () => {
      throw new TypeError('a deploy does not ask ECR')
    },
    childCredentials: () => Promise.reject(new TypeError('a deploy builds nothing')),
  }
}

async function lookAt(account: Account, startedAtMs: number): Promise<Deployed['live']> {
  const place = { cluster: 'prod', services: ['web'] }
  const answer = await account.ask('DescribeServices', place)
  const [primary = {}] = objectsAt(objectsAt(answer, 'services')[0] ?? {}, 'deployments')
  const list = await account.ask('ListTasks', { cluster: 'prod', serviceName: 'web' })
  const tasks = stringsAt(list, 'taskArns')
  const described =
    tasks.length === 0
      ? {}
      : await account.ask('DescribeTasks', { cluster: 'prod', tasks: [...tasks] })
  const all = objectsAt(described, 'tasks')
  const digests = all
    .flatMap((task) => objectsAt(task, 'containers'))
    .map((container) => stringAt(container, 'imageDigest') ?? '')
  const started = all
    .filter((task) => stringAt(task, 'startedBy') === stringAt(primary, 'id'))
    .flatMap((task) => dateAt(task, 'startedAt')?.getTime() ?? [])
  return {
    revision: stringAt(primary, 'taskDefinition')?.split('/').at(-1) ?? '',
    state: stringAt(primary, 'rolloutState') ?? '',
    ours: digests.every((digest) => ownDigests.some((own) => own === digest)),
    runningSinceMs: started.length === 0 ? undefined : Math.min(...started) - startedAtMs,
  }
}
