import { activeRuns, type Service } from '../model/service.ts'
import type { Deployment } from '../model/deployment.ts'
import type { ServiceDeployment } from '../model/service-deployment.ts'

import {
  type DeploymentConfiguration,
  readDeploymentConfiguration,
} from './deployment-configuration.ts'
import { minimumHealthy } from './percentages.ts'
import type { EngineParts } from './task-launch.ts'

/** All that is wanted is there and healthy, and nothing else is left but tasks on the move. */
export function isSettled(service: Service, primary: Deployment): boolean {
  const left = service.runs.filter(
    ({ task, replaces }) => task.lastStatus !== 'STOPPED' && replaces === undefined,
  )
  return (
    left.length === service.desiredCount &&
    left.every(
      ({ task, wasHealthy }) =>
        task.startedBy === primary.id && task.desiredStatus === 'RUNNING' && wasHealthy,
    )
  )
}

/** Early success counts for the rollout itself, not for the way back. */
function earlySuccessOf(
  service: Service,
  record: ServiceDeployment | undefined,
): DeploymentConfiguration['earlySuccess'] {
  if (record?.rollback !== undefined) return undefined
  return readDeploymentConfiguration(service.settings).earlySuccess
}

function isEarlySuccess(service: Service, primary: Deployment, healthyPercent: number): boolean {
  const healthy = activeRuns(service, primary).filter(({ wasHealthy }) => wasHealthy).length
  return healthy >= minimumHealthy(service.desiredCount, healthyPercent)
}

function hasOthers(service: Service, primary: Deployment): boolean {
  return service.runs.some(
    ({ task }) => task.startedBy !== primary.id && task.lastStatus !== 'STOPPED',
  )
}

function bakeMs(
  service: Service,
  record: ServiceDeployment | undefined,
  parts: EngineParts,
): number {
  if (record?.alarms.status !== 'MONITORING' || record.rollback !== undefined) return 0
  const { bakeTimeMs } = readDeploymentConfiguration(service.settings)
  return bakeTimeMs > 0 ? bakeTimeMs : parts.pace.alarmBakeMs
}

/**
 * Whether the rolling deployment is over. Until then: when to look again, if time alone will do.
 * With early success it is over before all tasks are replaced; see `earlySuccessCriteria`.
 */
export function isOver(
  service: Service,
  primary: Deployment,
  parts: EngineParts,
): { readonly over: boolean; readonly lookAgainAtMs?: number } {
  const [record] = service.records
  const early = earlySuccessOf(service, record)
  const enough =
    early === undefined
      ? isSettled(service, primary)
      : isEarlySuccess(service, primary, early.healthyPercent)
  if (!enough) return { over: false }
  const now = parts.clock.now()
  primary.readySinceMs ??= now
  const overAtMs = Math.max(
    primary.beganAtMs + parts.pace.completesAfterMs,
    primary.readySinceMs + bakeMs(service, record, parts),
  )
  if (overAtMs > now) return { over: false, lookAgainAtMs: overAtMs }
  if (early === undefined) return { over: true }
  primary.replacesAll = true
  return early.deferred || !hasOthers(service, primary)
    ? { over: true }
    : { over: false, lookAgainAtMs: now + parts.pace.reviewMs }
}
