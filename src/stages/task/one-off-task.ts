import type { EcsPlace } from '../../core/faults/ecs-fault.ts'
import type { RunTaskPlan } from '../../core/plan/service/run-task-plan.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

export type TaskPorts = Pick<Ports, 'clock' | 'context' | 'report' | 'signal'>

/** One task that runs by itself: what it is, where, and the means to start and follow it. */
export interface OneOffTask {
  readonly plan: RunTaskPlan
  readonly revision: TaskDefinitionRevision
  readonly session: AwsSession
  readonly ports: TaskPorts
  /** `a task of web:13` */
  readonly name: string
  /** `in cluster "prod" (eu-west-1)` */
  readonly where: string
  readonly place: EcsPlace
}

export function createOneOffTask(
  plan: RunTaskPlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: TaskPorts,
): OneOffTask {
  const cluster = nameInArn(plan.cluster)
  const name = `a task of ${revision.name}`
  const where = `in cluster ${JSON.stringify(cluster)} (${session.region})`
  const inCluster = `${name} in cluster ${JSON.stringify(cluster)}`
  const place = { region: session.region, cluster, taskDefinition: inCluster }
  return { plan, revision, session, ports, name, where, place }
}
