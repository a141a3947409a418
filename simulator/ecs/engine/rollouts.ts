import type { Deployment } from '../model/deployment.ts'
import { isTerminal, type ServiceDeployment } from '../model/service-deployment.ts'
import { restoreRevision, type ServiceRevision } from '../model/service-revision.ts'
import { primaryOf, type Service } from '../model/service.ts'

import { readDeploymentConfiguration } from './deployment-configuration.ts'
import { moveRecord, openRecord, statusReason } from './service-deployment-record.ts'
import { eventText, tell } from './service-events.ts'
import type { EngineParts } from './task-launch.ts'

/** Begins and ends deployments; which tasks start and stop in between is the scheduler's matter. */
export class Rollouts {
  readonly #parts: EngineParts
  readonly #wake: (service: Service) => void

  constructor(parts: EngineParts, wake: (service: Service) => void) {
    this.#parts = parts
    this.#wake = wake
  }

  /** Rolls the service out to `revision`; what was under way is superseded. */
  begin(service: Service, revision: ServiceRevision): void {
    const { clock, arns, ids, pace } = this.#parts
    const now = clock.now()
    const [running] = service.records
    const arn = arns.serviceDeployment(service.cluster.name, service.name, ids.token())
    const record = openRecord(service, revision, arn, now)
    if (running !== undefined) this.#stopRecord(service, running, statusReason.superseded)
    const replaced = primaryOf(service)
    if (replaced !== undefined) replaced.status = 'ACTIVE'
    service.deployments.unshift(newDeployment(revision, now))
    service.records.unshift(record)
    clock.schedule(pace.deploymentStartsAfterMs, () => {
      if (record.status !== 'PENDING') return
      moveRecord(service, record, 'IN_PROGRESS', clock.now())
      this.#wake(service)
    })
  }

  /** The PRIMARY is all there is: the rollout, or the rollback, is over. */
  complete(service: Service, primary: Deployment): void {
    const now = this.#parts.clock.now()
    service.deployments = [primary]
    service.lastCompleted = primary
    primary.rolloutState = 'COMPLETED'
    primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`
    primary.updatedAtMs = now
    const [record] = service.records
    if (record !== undefined) {
      const rolledBack = record.status === 'ROLLBACK_IN_PROGRESS'
      moveRecord(service, record, rolledBack ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL', now)
    }
    tell(service, eventText.completed(primary.id), this.#parts)
    service.steady = false
  }

  /** The circuit breaker tripped on the PRIMARY. */
  trip(service: Service, primary: Deployment): void {
    const [record] = service.records
    const { breaker } = readDeploymentConfiguration(service.settings)
    this.#fail(primary, 'ECS deployment circuit breaker: tasks failed to start.')
    tell(service, eventText.failed(primary.id), this.#parts)
    if (record === undefined || isTerminal(record)) return
    record.breaker.status = 'TRIGGERED'
    if (record.rollback !== undefined) {
      const now = this.#parts.clock.now()
      moveRecord(service, record, 'ROLLBACK_FAILED', now, statusReason.rollbackFailed)
    } else if (breaker.rollback || record.status === 'ROLLBACK_REQUESTED') {
      this.#rollBack(service, record, primary, 'breaker')
    } else {
      this.#stopRecord(service, record, statusReason.breaker)
    }
  }

  /** StopServiceDeployment with ROLLBACK: it may still succeed before the rollback begins. */
  requestRollback(service: Service, record: ServiceDeployment): void {
    const { clock, pace } = this.#parts
    if (record.status !== 'PENDING' && record.status !== 'IN_PROGRESS') return
    moveRecord(service, record, 'ROLLBACK_REQUESTED', clock.now(), statusReason.userRollback)
    clock.schedule(pace.requestTakesMs, () => {
      const primary = primaryOf(service)
      if (primary === undefined || record.status !== 'ROLLBACK_REQUESTED') return
      this.#fail(primary, `ECS deployment ${primary.id} stopped: rollback requested.`)
      this.#rollBack(service, record, primary, 'user')
    })
  }

  /** The service goes: nothing is rolled out any more. */
  abandon(service: Service): void {
    const [record] = service.records
    if (record !== undefined) this.#stopRecord(service, record, statusReason.deleted)
  }

  /**
   * Returns to the deployment that completed last. It keeps its id, its revision and the tasks
   * that it still has, and is PRIMARY again.
   */
  #rollBack(
    service: Service,
    record: ServiceDeployment,
    failed: Deployment,
    cause: 'breaker' | 'user',
  ): void {
    const now = this.#parts.clock.now()
    const target = service.lastCompleted
    if (target === undefined) {
      moveRecord(service, record, 'ROLLBACK_FAILED', now, statusReason.noCandidate)
      return
    }
    const reason = cause === 'breaker' ? statusReason.breakerRollback : statusReason.userRollback
    record.rollback = { reason, startedAtMs: now, revision: target.revision }
    moveRecord(service, record, 'ROLLBACK_IN_PROGRESS', now, reason)
    failed.status = 'ACTIVE'
    const others = service.deployments.filter((deployment) => deployment !== target)
    service.deployments = [target, ...others]
    service.settings = restoreRevision(service.settings, target.revision)
    resume(target, cause, now)
    tell(service, eventText.rollingBack(target.id), this.#parts)
    this.#wake(service)
  }

  #fail(deployment: Deployment, reason: string): void {
    deployment.rolloutState = 'FAILED'
    deployment.rolloutStateReason = reason
    deployment.updatedAtMs = this.#parts.clock.now()
  }

  #stopRecord(service: Service, record: ServiceDeployment, reason: string): void {
    const { clock, pace } = this.#parts
    moveRecord(service, record, 'STOP_REQUESTED', clock.now(), reason)
    clock.schedule(pace.requestTakesMs, () => {
      if (record.status === 'STOP_REQUESTED') moveRecord(service, record, 'STOPPED', clock.now())
    })
  }
}

function newDeployment(revision: ServiceRevision, nowMs: number): Deployment {
  const id = `ecs-svc/${revision.digits}`
  return {
    id,
    revision,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    beganAtMs: nowMs,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    startsAgainAtMs: 0,
    warned: new Set(),
  }
}

function resume(target: Deployment, cause: 'breaker' | 'user', nowMs: number): void {
  target.status = 'PRIMARY'
  target.rolloutState = 'IN_PROGRESS'
  target.rolloutStateReason =
    cause === 'breaker'
      ? `ECS deployment circuit breaker: rolling back to deploymentId ${target.id}.`
      : `ECS deployment ${target.id} in progress.`
  target.updatedAtMs = nowMs
  target.beganAtMs = nowMs
  target.failedTasks = 0
  target.startsAgainAtMs = 0
  target.warned.clear()
}
