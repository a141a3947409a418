import type { TaskRun } from '../engine/task-run.ts'
import type { JsonObject } from '../../wire/service.ts'

import type { Cluster } from './cluster.ts'
import type { Deployment } from './deployment.ts'
import type { ServiceDeployment } from './service-deployment.ts'
import type { ServiceRevision } from './service-revision.ts'

export interface ServiceEvent {
  readonly id: string
  readonly createdAtMs: number
  readonly message: string
}

/** No place for new tasks. */
export interface Shortage {
  /** What the service's event says, after its name. */
  readonly message: string
  readonly untilMs: number
  /** When the event is told next. */
  tellAtMs: number
}

/** A service whose rollouts the simulator runs. */
export interface Service {
  readonly arn: string
  readonly name: string
  readonly cluster: Cluster
  readonly createdAtMs: number
  readonly createdBy: string
  readonly tags: JsonObject[]
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  desiredCount: number
  /** The request's members that describe the service, defaults filled in. */
  settings: JsonObject
  /** PRIMARY first. */
  deployments: Deployment[]
  /** The deployment a rollback returns to. */
  lastCompleted?: Deployment
  /** Newest first. */
  readonly records: ServiceDeployment[]
  readonly revisions: ServiceRevision[]
  /** Newest first, at most one hundred. */
  readonly events: ServiceEvent[]
  /** Every task the service started and that is not yet forgotten. */
  runs: TaskRun[]
  /** Whether "has reached a steady state" was said of the present state. */
  steady: boolean
  /** A review by the scheduler is already on the clock. */
  reviewDue: boolean
  /** Tasks taken out for bad health and not yet replaced. */
  unhealthyToReplace: number
  /** Why no task is started now. */
  shortage?: Shortage
  /** What DescribeServices may still answer when it lags; oldest first. */
  snapshots: { readonly atMs: number; readonly view: JsonObject }[]
}

/** The service's own deployment, once it has one. */
export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find((deployment) => deployment.status === 'PRIMARY')
}

/** The runs of one deployment that have not been told to stop. */
export function activeRuns(service: Service, deployment: Deployment): TaskRun[] {
  return service.runs.filter(
    ({ task }) => task.startedBy === deployment.id && task.desiredStatus === 'RUNNING',
  )
}
