import {
  dateAt,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from '../../json.ts'
import {
  readHookSettings,
  readLifecycleHook,
  type HookSettings,
  type LifecycleHook,
} from './lifecycle-hook.ts'
import { readRevisionShare, type RevisionShare } from './revision-share.ts'
import { readTrafficShift, type TrafficShift } from './traffic-shift.ts'

/** ECS's own record of a deployment (DescribeServiceDeployments). Statuses and stages are raw. */
export interface ServiceDeploymentRecord {
  readonly arn: string
  readonly status: string
  readonly statusReason: string | undefined
  /** Undefined for rolling deployments. */
  readonly lifecycleStage: string | undefined
  /** Of the present stage. */
  readonly hooks: readonly LifecycleHook[]
  /** Of all stages, as the deployment was begun with them. */
  readonly hookSettings: readonly HookSettings[]
  /** The revision that the deployment brings. */
  readonly target: RevisionShare
  /** The revisions that it takes the place of. */
  readonly sourceRevisionArns: readonly string[]
  /** As the deployment was begun with it. */
  readonly shift: TrafficShift
  /** Whether ECS has begun to return to the revision before. */
  readonly rollingBack: boolean
  readonly rollbackReason: string | undefined
  readonly rollbackStartedAt?: Date | undefined
  /** What ECS returns to. */
  readonly rollbackRevisionArn?: string | undefined
  /** `DISABLED`, `MONITORING`, `TRIGGERED`, `MONITORING_COMPLETE`. */
  readonly breakerStatus: string | undefined
  readonly breakerFailures: number
  readonly breakerThreshold: number
  readonly alarmsStatus: string | undefined
  readonly triggeredAlarms: readonly string[]
  readonly createdAt: Date | undefined
  /** When it had ended, whole. */
  readonly finishedAt?: Date | undefined
  readonly updatedAt?: Date | undefined
}

/** @returns undefined where the answer holds no such record (`failures: MISSING`). */
export function readServiceDeploymentRecord(
  answer: JsonObject,
  arn: string,
): ServiceDeploymentRecord | undefined {
  return readServiceDeploymentRecords(answer).find((record) => record.arn === arn)
}

export function readServiceDeploymentRecords(
  answer: JsonObject,
): readonly ServiceDeploymentRecord[] {
  return objectsAt(answer, 'serviceDeployments').map(readRecord)
}

/** Whether ECS was asked, or has begun, to return to the revision before; or has done so. */
export function isReturning({ status, rollingBack }: ServiceDeploymentRecord): boolean {
  return rollingBack || status.startsWith('ROLLBACK_')
}

function readRecord(entry: JsonObject): ServiceDeploymentRecord {
  const breaker = objectAt(entry, 'deploymentCircuitBreaker')
  const alarms = objectAt(entry, 'alarms')
  return {
    arn: stringAt(entry, 'serviceDeploymentArn') ?? '',
    status: stringAt(entry, 'status') ?? '',
    statusReason: stringAt(entry, 'statusReason'),
    lifecycleStage: stringAt(entry, 'lifecycleStage'),
    hooks: objectsAt(entry, 'lifecycleHookDetails').map(readLifecycleHook),
    hookSettings: objectsAt(objectAt(entry, 'deploymentConfiguration'), 'lifecycleHooks').map(
      readHookSettings,
    ),
    target: readRevisionShare(objectAt(entry, 'targetServiceRevision')),
    sourceRevisionArns: objectsAt(entry, 'sourceServiceRevisions').flatMap(
      (source) => stringAt(source, 'arn') ?? [],
    ),
    shift: readTrafficShift(objectAt(entry, 'deploymentConfiguration')),
    rollingBack: entry['rollback'] !== undefined && entry['rollback'] !== null,
    rollbackReason: stringAt(objectAt(entry, 'rollback'), 'reason'),
    rollbackStartedAt: dateAt(objectAt(entry, 'rollback'), 'startedAt'),
    rollbackRevisionArn: stringAt(objectAt(entry, 'rollback'), 'serviceRevisionArn'),
    breakerStatus: stringAt(breaker, 'status'),
    breakerFailures: numberAt(breaker, 'failureCount') ?? 0,
    breakerThreshold: numberAt(breaker, 'threshold') ?? 0,
    alarmsStatus: stringAt(alarms, 'status'),
    triggeredAlarms: stringsAt(alarms, 'triggeredAlarmNames'),
    createdAt: dateAt(entry, 'createdAt'),
    finishedAt: dateAt(entry, 'finishedAt'),
    updatedAt: dateAt(entry, 'updatedAt'),
  }
}
