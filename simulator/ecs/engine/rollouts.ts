import type { Deployment } from '../model/deployment.ts'
import { isTerminal, type ServiceDeployment } from '../model/service-deployment.ts'
import { restoreRevision, type ServiceRevision } from '../model/service-revision.ts'
import { primaryOf, type Service } from '../model/service.ts'

import { beginStages } from './blue-green.ts'
import { readDeploymentConfiguration } from './deployment-configuration.ts'
import { type FailureCause, failureTexts } from './failure.ts'
import { backwardLifecycle, forwardLifecycle } from './lifecycle-stages.ts'
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
    const record = openRecord(service, revision, arn, this.#parts)
    const { shift } = readDeploymentConfiguration(service.settings)
    if (shift !== undefined) record.lifecycle = forwardLifecycle(service, record, shift.steps, now)
    if (running !== undefined) this.#stopRecord(service, running, statusReason.superseded)
    const replaced = primaryOf(service)
    if (replaced !== undefined) replaced.status = 'ACTIVE'
    const primary = newDeployment(revision, now)
    service.deployments.unshift(primary)
    service.records.unshift(record)
    clock.schedule(pace.deploymentStartsAfterMs, () => {
      if (record.status !== 'PENDING') return
      moveRecord(service, record, 'IN_PROGRESS', clock.now())
      beginStages(service, primary, this.#parts)
      this.#wake(service)
    })
  }

  /** The PRIMARY is all there is: the rollout, or the rollback, is over. */
  complete(service: Service, primary: Deployment): void {
    const now = this.#parts.clock.now()
    this.tidy(service)
    service.lastCompleted = primary
    primary.traffic.test = 0
    primary.traffic.production = 100
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

  /** Drops the deployments whose last task has stopped since early success. */
  tidy(service: Service): void {
    service.deployments = service.deployments.filter(
      (deployment) => deployment.status === 'PRIMARY' || hasTasks(service, deployment),
    )
  }

  /** The PRIMARY failed: its rollout is rolled back or stopped, as its configuration says. */
  fail(service: Service, primary: Deployment, cause: FailureCause): void {
    const [record] = service.records
    const { breaker, alarms } = readDeploymentConfiguration(service.settings)
    const texts = failureTexts[cause]
    this.#markFailed(primary, texts.rollout(primary.id))
    if (texts.event !== undefined) {
      tell(service, eventText.failed(primary.id, texts.event), this.#parts)
    }
    if (record === undefined || isTerminal(record)) return
    if (cause === 'breaker') record.breaker.status = 'TRIGGERED'
    if (cause === 'alarm') record.alarms.status = 'TRIGGERED'
    const returns = { breaker: breaker.rollback, alarm: alarms.rollback, hook: true, user: true }
    if (record.rollback !== undefined) {
      const now = this.#parts.clock.now()
      moveRecord(service, record, 'ROLLBACK_FAILED', now, texts.rollbackFailed)
    } else if (returns[cause] || record.status === 'ROLLBACK_REQUESTED') {
      this.#rollBack(service, record, primary, cause)
    } else {
      this.#stopRecord(service, record, texts.stopped)
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
      this.fail(service, primary, 'user')
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
    cause: FailureCause,
  ): void {
    const now = this.#parts.clock.now()
    const target = service.lastCompleted
    if (target?.revision.taskDefinition.status !== 'ACTIVE') {
      const why = target === undefined ? statusReason.noCandidate : statusReason.inactive
      moveRecord(service, record, 'ROLLBACK_FAILED', now, why)
      return
    }
    const reason = failureTexts[cause].rolledBack
    record.rollback = { reason, startedAtMs: now, revision: target.revision }
    moveRecord(service, record, 'ROLLBACK_IN_PROGRESS', now, reason)
    if (record.lifecycle !== undefined) {
      record.lifecycle = backwardLifecycle(target, failed, now)
    }
    failed.status = 'ACTIVE'
    const others = service.deployments.filter((deployment) => deployment !== target)
    service.deployments = [target, ...others]
    service.settings = restoreRevision(service.settings, target.revision)
    resume(target, failureTexts[cause].rollingBack(target.id), now)
    beginStages(service, target, this.#parts)
    tell(service, eventText.rollingBack(target.id), this.#parts)
    this.#wake(service)
  }

  #markFailed(deployment: Deployment, reason: string): void {
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
    failedStarts: 0,
    replacesAll: false,
    traffic: { test: 0, production: 0 },
    startsAgainAtMs: 0,
    warned: new Set(),
  }
}

function hasTasks(service: Service, { id }: Deployment): boolean {
  return service.runs.some(({ task }) => task.startedBy === id && task.lastStatus !== 'STOPPED')
}

function resume(target: Deployment, reason: string, nowMs: number): void {
  target.status = 'PRIMARY'
  target.rolloutState = 'IN_PROGRESS'
  target.rolloutStateReason = reason
  target.updatedAtMs = nowMs
  target.beganAtMs = nowMs
  delete target.readySinceMs
  target.replacesAll = false
  target.failedTasks = 0
  target.failedStarts = 0
  target.startsAgainAtMs = 0
  target.warned.clear()
}
