import type { Lifecycle } from './lifecycle.ts'
import type { ServiceRevision } from './service-revision.ts'

/** `ServiceDeploymentStatus` of the SDK. */
export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED'

/** `ServiceDeploymentRollbackMonitorsStatus` of the SDK: the circuit breaker's and the alarms'. */
export type MonitorStatus = 'DISABLED' | 'MONITORING' | 'TRIGGERED' | 'MONITORING_COMPLETE'

export interface TaskCounts {
  readonly requested: number
  readonly running: number
  readonly pending: number
  /** Percent of the traffic; of blue/green alone. */
  readonly traffic?: { readonly test: number; readonly production: number }
}

/** The history record of one change to a service. */
export interface ServiceDeployment {
  readonly arn: string
  readonly target: ServiceRevision
  readonly sources: readonly ServiceRevision[]
  readonly createdAtMs: number
  startedAtMs?: number
  finishedAtMs?: number
  stoppedAtMs?: number
  updatedAtMs: number
  status: ServiceDeploymentStatus
  statusReason?: string
  rollback?: {
    readonly reason: string
    readonly startedAtMs: number
    readonly revision: ServiceRevision
  }
  breaker: { status: MonitorStatus; failureCount: number; threshold: number }
  alarms: { status: MonitorStatus; readonly names: readonly string[]; triggered: readonly string[] }
  /** The stages of a blue/green deployment; a rolling one has none. */
  lifecycle?: Lifecycle
  /** Nobody is told of it any more. */
  forgotten?: true
  /** The counts by revision ARN when it ended: history does not move. */
  frozenCounts?: ReadonlyMap<string, TaskCounts>
}

const terminal: ReadonlySet<ServiceDeploymentStatus> = new Set([
  'SUCCESSFUL',
  'STOPPED',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
])

/** True when the record will not change any more. */
export function isTerminal(record: ServiceDeployment): boolean {
  return terminal.has(record.status)
}
