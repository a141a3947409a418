import { stringAt, stringsAt } from '../../core/json.ts'
import { readTasks, type Task } from '../../core/rollout/observation/stopped-tasks.ts'
import type { OptionalReads } from '../aws/optional-reads.ts'
import type { Rollout } from './rollout.ts'

/** Both calls take and give one hundred tasks at a time. */
const mostPages = 3
const without = 'the reasons why tasks stop cannot be told'

type DesiredStatus = 'RUNNING' | 'STOPPED'

/** Tasks of our deployment, and whether ECS gave all that it was asked for. */
export interface TasksRead {
  readonly tasks: readonly Task[]
  readonly isWhole: boolean
}

/**
 * The tasks of our deployment that run, or that stopped within the last hour: ECS forgets them
 * then. `startedBy` cannot be asked for together with the service, so it is filtered here.
 * Where ECS does not let us read them there are none.
 */
export async function askTasksOf(
  rollout: Rollout,
  desiredStatus: DesiredStatus,
): Promise<TasksRead> {
  const { optional } = rollout
  return await collectTasks(rollout, desiredStatus, (...read) => optional.try(...read))
}

/** The same for a verdict that is none without them. @throws AwsFailure where a call failed. */
export async function needTasksOf(
  rollout: Rollout,
  desiredStatus: DesiredStatus,
): Promise<readonly Task[]> {
  const { optional } = rollout
  const read = await collectTasks(rollout, desiredStatus, (...call) => optional.ifAllowed(...call))
  return read.tasks
}

async function collectTasks(
  { plan, deployment, session }: Rollout,
  desiredStatus: DesiredStatus,
  read: OptionalReads['try'],
): Promise<TasksRead> {
  const cluster = plan.current.clusterArn
  const tasks: Task[] = []
  let isWhole = true
  let nextToken: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const input = {
      ...{ cluster, serviceName: plan.current.serviceName, desiredStatus },
      ...(nextToken !== undefined && { nextToken }),
    }
    const list = await read('ListTasks', without, () => session.ecs.listTasks(input))
    isWhole &&= list !== undefined
    const arns = list === undefined ? [] : stringsAt(list, 'taskArns')
    if (list === undefined || arns.length === 0) break
    const answer = await read('DescribeTasks', without, () =>
      session.ecs.describeTasks({ cluster, tasks: arns }),
    )
    isWhole &&= answer !== undefined
    tasks.push(...readTasks(answer ?? {}))
    nextToken = stringAt(list, 'nextToken')
    if (nextToken === undefined) break
  }
  const ours = tasks.filter(({ startedBy }) => startedBy === deployment.deploymentId)
  return { tasks: ours, isWhole }
}

/** The same for somebody who makes do with what there is. */
export async function readTasksOf(
  ...asked: Parameters<typeof askTasksOf>
): Promise<readonly Task[]> {
  return (await askTasksOf(...asked)).tasks
}
