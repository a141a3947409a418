import { stringAt, stringsAt } from '../../core/json.ts'
import { readTasks, type Task } from '../../core/rollout/observation/stopped-tasks.ts'
import type { Rollout } from './rollout.ts'

/** Both calls take and give one hundred tasks at a time. */
const mostPages = 3
const without = 'the reasons why tasks stop cannot be told'

/**
 * The tasks of our deployment that run, or that stopped within the last hour: ECS forgets them
 * then. `startedBy` cannot be asked for together with the service, so it is filtered here.
 * @returns none where ECS does not let us read them.
 */
export async function readTasksOf(
  rollout: Rollout,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<readonly Task[]> {
  const { plan, deployment, session, optional } = rollout
  const cluster = plan.current.clusterArn
  const tasks: Task[] = []
  let nextToken: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const input = {
      ...{ cluster, serviceName: plan.current.serviceName, desiredStatus },
      ...(nextToken !== undefined && { nextToken }),
    }
    const list = await optional.try('ListTasks', without, () => session.ecs.listTasks(input))
    const arns = list === undefined ? [] : stringsAt(list, 'taskArns')
    if (list === undefined || arns.length === 0) break
    const answer = await optional.try('DescribeTasks', without, () =>
      session.ecs.describeTasks({ cluster, tasks: arns }),
    )
    tasks.push(...readTasks(answer ?? {}))
    nextToken = stringAt(list, 'nextToken')
    if (nextToken === undefined) break
  }
  return tasks.filter(({ startedBy }) => startedBy === deployment.deploymentId)
}
