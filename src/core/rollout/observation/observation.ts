import { dateAt, numberAt, objectsAt, stringAt, type JsonObject } from '../../json.ts'
import type { ServiceDeploymentRecord } from './service-deployment-record.ts'
import { readRevisionShare, type RevisionShare } from './revision-share.ts'
import { nameInArn } from '../../name-in-arn.ts'

/** One entry of a service's `deployments`. */
export interface Deployment {
  /** `ecs-svc/…` */
  readonly id: string
  /** `PRIMARY`, `ACTIVE`, `INACTIVE`. */
  readonly status: string
  readonly taskDefinitionArn: string
  readonly desiredCount: number
  readonly runningCount: number
  readonly pendingCount: number
  /** Failures in a row: ECS sets it back once a task succeeds. */
  readonly failedTasks: number
  /** `COMPLETED`, `FAILED`, `IN_PROGRESS`; undefined behind a Classic Load Balancer. */
  readonly rolloutState: string | undefined
  readonly rolloutStateReason: string | undefined
  readonly createdAt: Date | undefined
  readonly updatedAt?: Date | undefined
}

export interface ServiceEvent {
  readonly id: string
  readonly at: Date
  readonly message: string
}

/** A service as one DescribeServices told it. */
export interface ServiceView {
  readonly status: string
  readonly desiredCount: number
  readonly runningCount: number
  readonly deployments: readonly Deployment[]
  /** The revisions that have tasks or traffic; empty where ECS does not tell them. */
  readonly revisions: readonly RevisionShare[]
  /** Newest first, as ECS gives them. */
  readonly events: readonly ServiceEvent[]
}

/** One entry of ListServiceDeployments. */
export interface ServiceDeploymentBrief {
  readonly arn: string
  readonly targetServiceRevisionArn: string
  readonly status: string
  readonly createdAt: Date | undefined
}

/** Everything that one look at the service told. */
export interface Observation {
  /** On the clock that never goes backwards. */
  readonly atMs: number
  readonly service: ServiceView
  /** Undefined where ECS does not let us, or does not yet, read the record. */
  readonly record: ServiceDeploymentRecord | undefined
  /** A deployment that was made after ours, where one was looked for and found. */
  readonly newer: ServiceDeploymentBrief | undefined
}

export function readServiceView(service: JsonObject): ServiceView {
  return {
    status: stringAt(service, 'status') ?? '',
    desiredCount: numberAt(service, 'desiredCount') ?? 0,
    runningCount: numberAt(service, 'runningCount') ?? 0,
    deployments: objectsAt(service, 'deployments').map(readDeployment),
    revisions: objectsAt(service, 'currentServiceRevisions').map(readRevisionShare),
    events: objectsAt(service, 'events').map((event) => ({
      id: stringAt(event, 'id') ?? '',
      at: dateAt(event, 'createdAt') ?? new Date(0),
      message: stringAt(event, 'message') ?? '',
    })),
  }
}

function readDeployment(entry: JsonObject): Deployment {
  return {
    id: stringAt(entry, 'id') ?? '',
    status: stringAt(entry, 'status') ?? '',
    taskDefinitionArn: stringAt(entry, 'taskDefinition') ?? '',
    desiredCount: numberAt(entry, 'desiredCount') ?? 0,
    runningCount: numberAt(entry, 'runningCount') ?? 0,
    pendingCount: numberAt(entry, 'pendingCount') ?? 0,
    failedTasks: numberAt(entry, 'failedTasks') ?? 0,
    rolloutState: stringAt(entry, 'rolloutState'),
    rolloutStateReason: stringAt(entry, 'rolloutStateReason'),
    createdAt: dateAt(entry, 'createdAt'),
    updatedAt: dateAt(entry, 'updatedAt'),
  }
}

export function readServiceDeploymentBriefs(answer: JsonObject): readonly ServiceDeploymentBrief[] {
  return objectsAt(answer, 'serviceDeployments').map((entry) => ({
    arn: stringAt(entry, 'serviceDeploymentArn') ?? '',
    targetServiceRevisionArn: stringAt(entry, 'targetServiceRevisionArn') ?? '',
    status: stringAt(entry, 'status') ?? '',
    createdAt: dateAt(entry, 'createdAt'),
  }))
}

/** The digits of `ecs-svc/…` are the tail of the deployment's target service revision ARN. */
export function targets(brief: ServiceDeploymentBrief, deploymentId: string): boolean {
  return isRevisionOf(brief.targetServiceRevisionArn, deploymentId)
}

/** Whether the service revision is the one that the deployment `ecs-svc/…` brings. */
export function isRevisionOf(serviceRevisionArn: string, deploymentId: string): boolean {
  return nameInArn(serviceRevisionArn) === nameInArn(deploymentId)
}

/** The deployment `ecs-svc/…` that brings the service revision. */
export function deploymentIdOf(serviceRevisionArn: string): string {
  return `ecs-svc/${nameInArn(serviceRevisionArn)}`
}

export function primaryOf(service: ServiceView): Deployment | undefined {
  return service.deployments.find(({ status }) => status === 'PRIMARY')
}

export function deploymentOf(service: ServiceView, id: string): Deployment | undefined {
  return service.deployments.find((deployment) => deployment.id === id)
}
