import type { ServiceRevision } from '../model/service-revision.ts'
import {
  isTerminal,
  type ServiceDeployment,
  type ServiceDeploymentStatus,
} from '../model/service-deployment.ts'
import type { Service } from '../model/service.ts'

import { failureThreshold } from './circuit-breaker.ts'
import { readDeploymentConfiguration } from './deployment-configuration.ts'
import type { EngineParts } from './task-launch.ts'
import { countsByRevision } from './task-counts.ts'

/** Why a service deployment is in its status, in ECS's words where a public source has them. */
export const statusReason = {
  superseded: 'Service deployment stopped because a newer service deployment started.',
  userRollback: 'Service deployment rolled back because a user requested it.',
  noCandidate: 'No rollback candidate was found to run the rollback.',
  inactive: 'Service deployment rollback failed because the task definition is inactive.',
  deleted: 'Service deployment stopped because the service was deleted.',
}

/** A new record, PENDING. Alarms that are in ALARM already are not watched. */
export function openRecord(
  service: Service,
  target: ServiceRevision,
  arn: string,
  { clock, alarms: inAlarm }: EngineParts,
): ServiceDeployment {
  const nowMs = clock.now()
  const { breaker, alarms } = readDeploymentConfiguration(service.settings)
  const monitored = alarms.enable && !alarms.names.some((name) => inAlarm.has(name))
  const replaced = service.deployments.map(({ revision }) => revision)
  return {
    arn,
    target,
    sources: replaced.filter((revision) => revision !== target),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    status: 'PENDING',
    breaker: {
      status: breaker.enable ? 'MONITORING' : 'DISABLED',
      failureCount: 0,
      threshold: breaker.enable ? failureThreshold(breaker.threshold, service.desiredCount) : 0,
    },
    alarms: {
      status: monitored ? 'MONITORING' : 'DISABLED',
      names: alarms.enable ? alarms.names : [],
      triggered: [],
    },
  }
}

/** Moves the record on, with its times; a terminal record stays as it is. */
export function moveRecord(
  service: Service,
  record: ServiceDeployment,
  status: ServiceDeploymentStatus,
  nowMs: number,
  reason?: string,
): void {
  if (isTerminal(record)) return
  record.status = status
  record.updatedAtMs = nowMs
  if (reason !== undefined) record.statusReason = reason
  if (status === 'IN_PROGRESS') record.startedAtMs = nowMs
  if (!isTerminal(record)) return
  record.finishedAtMs = nowMs
  if (status === 'STOPPED') record.stoppedAtMs = nowMs
  for (const monitor of [record.breaker, record.alarms]) {
    if (monitor.status === 'MONITORING') monitor.status = 'MONITORING_COMPLETE'
  }
  record.frozenCounts = countsByRevision(service)
}
