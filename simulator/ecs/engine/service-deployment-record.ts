import type { ServiceRevision } from '../model/service-revision.ts'
import {
  isTerminal,
  type ServiceDeployment,
  type ServiceDeploymentStatus,
} from '../model/service-deployment.ts'
import type { Service } from '../model/service.ts'

import { failureThreshold } from './circuit-breaker.ts'
import { readDeploymentConfiguration } from './deployment-configuration.ts'
import { countsByRevision } from './task-counts.ts'

/** Why a service deployment is in its status, in ECS's words where a public source has them. */
export const statusReason = {
  superseded: 'Service deployment stopped because a newer service deployment started.',
  breaker: 'Service deployment failed because the circuit breaker threshold was exceeded.',
  breakerRollback:
    'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  userRollback: 'Service deployment rolled back because a user requested it.',
  noCandidate: 'No rollback candidate was found to run the rollback.',
  rollbackFailed:
    'Service deployment rollback failed because the circuit breaker threshold was exceeded.',
  deleted: 'Service deployment stopped because the service was deleted.',
}

/** A new record, PENDING. */
export function openRecord(
  service: Service,
  target: ServiceRevision,
  arn: string,
  nowMs: number,
): ServiceDeployment {
  const { breaker } = readDeploymentConfiguration(service.settings)
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
  if (record.breaker.status === 'MONITORING') record.breaker.status = 'MONITORING_COMPLETE'
  record.frozenCounts = countsByRevision(service)
}
