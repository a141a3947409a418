import type { JsonObject } from '../../wire/service.ts'

import type { Cluster } from './cluster.ts'
import type { TaskDefinition } from './task-definition.ts'

export type TaskStatus =
  'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED'

/** `TaskStopCode` of the SDK, as far as the simulator stops tasks. */
export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'SpotInterruption'

export type HealthStatus = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY'

export interface TaskContainer {
  readonly arn: string
  readonly name: string
  readonly image: string
  readonly imageDigest?: string
  readonly essential: boolean
  /** Whether its definition has a `healthCheck`. */
  readonly checked: boolean
  readonly definition: JsonObject
  readonly log: string[]
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED'
  healthStatus: HealthStatus
  runtimeId?: string
  exitCode?: number
  reason?: string
}

/** What a load balancer says of the task; `unused` when the task has no target group. */
export type TargetState = 'unused' | 'initial' | 'healthy' | 'unhealthy' | 'draining'

export interface Task {
  readonly arn: string
  readonly id: string
  readonly cluster: Cluster
  /** `service:<name>` or `family:<family>`, unless RunTask was told otherwise. */
  readonly group: string
  readonly startedBy?: string
  readonly definition: TaskDefinition
  /** launchType, platformVersion, networkConfiguration and the like, as requested. */
  readonly settings: JsonObject
  readonly overrides: JsonObject
  readonly tags: JsonObject[]
  readonly containers: readonly TaskContainer[]
  readonly attachmentId: string
  readonly availabilityZone: string
  readonly createdAtMs: number
  version: number
  lastStatus: TaskStatus
  desiredStatus: 'RUNNING' | 'STOPPED'
  target: TargetState
  targetReason?: string
  privateIPv4Address?: string
  pullStartedAtMs?: number
  pullStoppedAtMs?: number
  startedAtMs?: number
  stoppingAtMs?: number
  executionStoppedAtMs?: number
  stoppedAtMs?: number
  stopCode?: StopCode
  stoppedReason?: string
}

/** ECS shows stopped tasks for at least one hour; the simulator for exactly one. */
export const stoppedTaskRetentionMs = 3_600_000

/** The task's own health: that of its essential containers that have a health check. */
export function taskHealth(task: Task): HealthStatus {
  const checked = task.containers.filter((container) => container.essential && container.checked)
  if (checked.length === 0) return 'UNKNOWN'
  if (checked.some((container) => container.healthStatus === 'UNHEALTHY')) return 'UNHEALTHY'
  return checked.every((container) => container.healthStatus === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN'
}
