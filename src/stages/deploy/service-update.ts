import type { EcsPlace } from '../../core/faults/ecs-fault.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'

export type UpdatePorts = Pick<Ports, 'clock' | 'report' | 'signal'>

/** One service that is to run a revision, and the means to bring it there. */
export interface ServiceUpdate {
  readonly plan: ServicePlan
  readonly revision: TaskDefinitionRevision
  readonly session: AwsSession
  readonly ports: UpdatePorts
  readonly place: EcsPlace
}

export function createServiceUpdate(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
): ServiceUpdate {
  const place = { region: session.region, cluster: plan.cluster, service: plan.service }
  return { plan, revision, session, ports, place }
}
