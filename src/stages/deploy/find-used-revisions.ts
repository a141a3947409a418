import { batches } from '../../core/batches.ts'
import { objectsAt, stringAt, stringsAt } from '../../core/json.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import { lastServiceRevisions } from '../../core/task-definition/keep.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { listAll } from '../aws/list-all.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/** DescribeTasks takes this many tasks in one call. */
const tasksPerCall = 100

/**
 * The revisions of a family that are in use: those of the last deployments of the services that we
 * deploy to, and those of the tasks that run in any cluster of the account and region.
 * @returns undefined where ECS does not tell all of them.
 * @throws AwsFailure
 */
export async function findUsedRevisions(
  family: string,
  plans: readonly ServicePlan[],
  session: AwsSession,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const used = new Set<string>()
  for (const plan of plans) {
    const deployed = await readDeployedRevisions(plan, session, signal)
    if (deployed === undefined) return undefined
    for (const arn of [...deployed, plan.current.taskDefinitionArn]) used.add(arn)
  }
  const clusters = await listAll(
    (page) => session.ecs.listClusters(page),
    (answer) => stringsAt(answer, 'clusterArns'),
    signal,
  )
  for (const cluster of clusters) {
    for (const arn of await readRunningRevisions(family, cluster, session, signal)) used.add(arn)
  }
  return used
}

async function readDeployedRevisions(
  { current: { clusterArn, serviceName } }: ServicePlan,
  { ecs }: AwsSession,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const input = { cluster: clusterArn, service: serviceName, maxResults: 100 }
  const serviceDeployments = await listAll(
    (page) => ecs.listServiceDeployments({ ...input, ...page }),
    (answer) => objectsAt(answer, 'serviceDeployments'),
    signal,
  )
  const serviceRevisionArns = lastServiceRevisions({ serviceDeployments })
  if (serviceRevisionArns.length === 0) return []
  const answer = await untilAborted(
    () => ecs.describeServiceRevisions({ serviceRevisionArns }),
    signal,
  )
  const revisions = objectsAt(answer, 'serviceRevisions').flatMap(
    (revision) => stringAt(revision, 'taskDefinition') ?? [],
  )
  return revisions.length < serviceRevisionArns.length ? undefined : revisions
}

async function readRunningRevisions(
  family: string,
  cluster: string,
  { ecs }: AwsSession,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const input = { cluster, family, desiredStatus: 'RUNNING' }
  const arns = await listAll(
    (page) => ecs.listTasks({ ...input, ...page }),
    (answer) => stringsAt(answer, 'taskArns'),
    signal,
  )
  const revisions: string[] = []
  for (const tasks of batches(arns, tasksPerCall)) {
    const answer = await untilAborted(() => ecs.describeTasks({ cluster, tasks }), signal)
    const described = objectsAt(answer, 'tasks')
    revisions.push(...described.flatMap((task) => stringAt(task, 'taskDefinitionArn') ?? []))
  }
  return revisions
}
