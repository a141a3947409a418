import {
  booleanAt,
  dateAt,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../json.ts'

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
  /** Newest first, as ECS gives them. */
  readonly events: readonly ServiceEvent[]
}

/** ECS's own record of a deployment (DescribeServiceDeployments). Statuses are raw. */
export interface ServiceDeploymentRecord {
  readonly arn: string
  readonly status: string
  readonly statusReason: string | undefined
  /** Undefined for rolling deployments. */
  readonly lifecycleStage: string | undefined
  readonly rollbackReason: string | undefined
  /** `DISABLED`, `MONITORING`, `TRIGGERED`, `MONITORING_COMPLETE`. */
  readonly breakerStatus: string | undefined
  readonly breakerFailures: number
  readonly breakerThreshold: number
  readonly alarmsStatus: string | undefined
  readonly triggeredAlarms: readonly string[]
  readonly createdAt: Date | undefined
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
  }
}

/** @returns undefined where the answer holds no such record (`failures: MISSING`). */
export function readServiceDeploymentRecord(
  answer: JsonObject,
  arn: string,
): ServiceDeploymentRecord | undefined {
  const entry = objectsAt(answer, 'serviceDeployments').find(
    (each) => stringAt(each, 'serviceDeploymentArn') === arn,
  )
  if (entry === undefined) return undefined
  const breaker = objectAt(entry, 'deploymentCircuitBreaker')
  const alarms = objectAt(entry, 'alarms')
  return {
    arn,
    status: stringAt(entry, 'status') ?? '',
    statusReason: stringAt(entry, 'statusReason'),
    lifecycleStage: stringAt(entry, 'lifecycleStage'),
    rollbackReason: stringAt(objectAt(entry, 'rollback'), 'reason'),
    breakerStatus: stringAt(breaker, 'status'),
    breakerFailures: numberAt(breaker, 'failureCount') ?? 0,
    breakerThreshold: numberAt(breaker, 'threshold') ?? 0,
    alarmsStatus: stringAt(alarms, 'status'),
    triggeredAlarms: stringsAt(alarms, 'triggeredAlarmNames'),
    createdAt: dateAt(entry, 'createdAt'),
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
  return brief.targetServiceRevisionArn.split('/').at(-1) === deploymentId.split('/').at(-1)
}

export function primaryOf(service: ServiceView): Deployment | undefined {
  return service.deployments.find(({ status }) => status === 'PRIMARY')
}

export function deploymentOf(service: ServiceView, id: string): Deployment | undefined {
  return service.deployments.find((deployment) => deployment.id === id)
}

/** Who judges the deployment: with a breaker or alarms ECS itself does. */
export interface Guards {
  readonly breaker: boolean
  readonly alarms: boolean
  /** Whether ECS returns to the deployment before when a guard trips. */
  readonly rollback: boolean
}

/** @param configuration `deploymentConfiguration` of the service. */
export function readGuards(configuration: JsonObject): Guards {
  const breaker = objectAt(configuration, 'deploymentCircuitBreaker')
  const alarms = objectAt(configuration, 'alarms')
  const breakerOn = booleanAt(breaker, 'enable') === true
  const alarmsOn = booleanAt(alarms, 'enable') === true
  return {
    breaker: breakerOn,
    alarms: alarmsOn,
    rollback:
      (breakerOn && booleanAt(breaker, 'rollback') === true) ||
      (alarmsOn && booleanAt(alarms, 'rollback') === true),
  }
}
