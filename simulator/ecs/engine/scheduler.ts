import type { Deployment } from '../model/deployment.ts'
import { hasReached, type Lifecycle } from '../model/lifecycle.ts'
import { isTerminal, type ServiceDeployment } from '../model/service-deployment.ts'
import type { ServiceRevision } from '../model/service-revision.ts'
import { activeRuns, primaryOf, type Service } from '../model/service.ts'
import { stoppedTaskRetentionMs } from '../model/task.ts'
import { keepSnapshot } from '../views/service-snapshot.ts'

import { accountForTasks } from './accounting.ts'
import { nextBatch, type Batch } from './batch.ts'
import { advanceStages, blueGreenBatch } from './blue-green.ts'
import { failureThreshold } from './circuit-breaker.ts'
import { readDeploymentConfiguration } from './deployment-configuration.ts'
import type { FailureCause } from './failure.ts'
import { isOver, isSettled } from './readiness.ts'
import { finishMoves } from './rebalance.ts'
import { Rollouts } from './rollouts.ts'
import { eventText, tell } from './service-events.ts'
import { startTasks } from './start-tasks.ts'
import { stopTasks } from './stop-tasks.ts'
import type { EngineParts } from './task-launch.ts'
import type { TaskRun } from './task-run.ts'

/** ECS's service scheduler: keeps each service at its desired count, batch by batch. */
export class Scheduler {
  readonly rollouts: Rollouts
  readonly #parts: EngineParts

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.rollouts = new Rollouts(parts, (service) => this.wake(service))
  }

  /** Has the service looked at soon, once for any number of calls until then. */
  wake(service: Service): void {
    if (service.reviewDue || service.status === 'INACTIVE') return
    service.reviewDue = true
    this.#parts.clock.schedule(this.#parts.pace.reviewMs, () => {
      service.reviewDue = false
      this.#review(service)
      keepSnapshot(service, this.#parts)
    })
  }

  /** Starts rolling the service out to `revision`. */
  deploy(service: Service, revision: ServiceRevision): void {
    service.revisions.push(revision)
    this.rollouts.begin(service, revision)
    this.wake(service)
  }

  /** Deletes the service: DRAINING until its tasks are gone, then INACTIVE. */
  drain(service: Service): void {
    service.status = 'DRAINING'
    service.desiredCount = 0
    this.rollouts.abandon(service)
    stopTasks(service, service.runs.filter(isActive), this.#parts)
    this.wake(service)
  }

  #wakeAt(service: Service, atMs: number | undefined): void {
    if (atMs === undefined) return
    const { clock } = this.#parts
    clock.schedule(atMs - clock.now(), () => this.wake(service))
  }

  #review(service: Service): void {
    forgetOldTasks(service, this.#parts.clock.now())
    this.#wakeAt(service, accountForTasks(service, this.#parts))
    finishMoves(service, this.#parts)
    if (service.status !== 'ACTIVE') {
      retire(service)
      return
    }
    const failing = primaryOf(service)
    const cause = failing && this.#failureOf(service, failing)
    if (failing !== undefined && cause !== undefined) this.rollouts.fail(service, failing, cause)
    const primary = primaryOf(service)
    if (primary === undefined || service.records[0]?.status === 'PENDING') return
    const lifecycle = lifecycleOf(service.records[0])
    this.#carryOut(service, primary, lifecycle)
    if (primary.rolloutState === 'FAILED') return
    if (lifecycle === undefined) this.#conclude(service, primary)
    else this.#goThroughStages(service, primary, lifecycle)
    this.#rest(service, primary)
  }

  #failureOf(service: Service, primary: Deployment): FailureCause | undefined {
    if (this.#tripped(service, primary)) return 'breaker'
    const [record] = service.records
    const watching = record?.status === 'IN_PROGRESS' || record?.status === 'ROLLBACK_REQUESTED'
    if (!watching || record.alarms.status !== 'MONITORING') return undefined
    record.alarms.triggered = record.alarms.names.filter((name) => this.#parts.alarms.has(name))
    return record.alarms.triggered.length > 0 ? 'alarm' : undefined
  }

  #tripped(service: Service, primary: Deployment): boolean {
    const { breaker } = readDeploymentConfiguration(service.settings)
    const threshold = failureThreshold(breaker.threshold, service.desiredCount)
    const [record] = service.records
    if (record !== undefined && breaker.enable && record.breaker.status === 'MONITORING') {
      record.breaker.threshold = threshold
      if (record.target === primary.revision) record.breaker.failureCount = primary.failedTasks
    }
    const watched = breaker.enable && primary.rolloutState === 'IN_PROGRESS'
    return watched && primary.failedTasks >= threshold
  }

  #carryOut(service: Service, primary: Deployment, lifecycle: Lifecycle | undefined): void {
    const fresh = activeRuns(service, primary).filter(({ replaces }) => replaces === undefined)
    const stale = service.runs.filter(
      (run) => isActive(run) && run.task.startedBy !== primary.id && run.replaces === undefined,
    )
    if (primary.rolloutState === 'FAILED') {
      if (service.desiredCount === 0) stopTasks(service, [...fresh, ...stale], this.#parts)
      return
    }
    const batch = this.#plan(service, primary, fresh, stale, lifecycle)
    if (batch.deadlocked) this.#warnOfDeadlock(service, primary)
    const unhealthyFirst = [...fresh].sort((a, b) => Number(a.wasHealthy) - Number(b.wasHealthy))
    const leaving = [
      ...stale.filter((run) => !run.wasHealthy).slice(0, batch.stopStaleUnhealthy),
      ...stale.filter((run) => run.wasHealthy).slice(0, batch.stopStaleHealthy),
      ...unhealthyFirst.slice(0, batch.stopFresh),
    ]
    stopTasks(service, leaving, this.#parts)
    startTasks(service, primary, batch.start, this.#parts, () => this.wake(service))
    if (lifecycle !== undefined) this.#keepBlue(service, primary, lifecycle)
  }

  /** Blue stays whole as long as it may have to take the traffic back. */
  #keepBlue(service: Service, primary: Deployment, lifecycle: Lifecycle): void {
    const blue = service.lastCompleted
    if (blue === undefined || blue === primary || hasReached(lifecycle, 'CLEAN_UP')) return
    if (blue.startsAgainAtMs > this.#parts.clock.now()) {
      this.#wakeAt(service, blue.startsAgainAtMs)
      return
    }
    const running = activeRuns(service, blue).filter(({ replaces }) => replaces === undefined)
    const missing = Math.max(0, service.desiredCount - running.length)
    startTasks(service, blue, missing, this.#parts, () => this.wake(service))
  }

  #plan(
    service: Service,
    primary: Deployment,
    fresh: TaskRun[],
    stale: TaskRun[],
    lifecycle: Lifecycle | undefined,
  ): Batch {
    const now = this.#parts.clock.now()
    const mayStart = primary.startsAgainAtMs <= now
    if (!mayStart) this.#wakeAt(service, primary.startsAgainAtMs)
    const { desiredCount } = service
    if (lifecycle !== undefined) {
      return blueGreenBatch(lifecycle, { desiredCount, fresh, stale, mayStart })
    }
    const healthy = (runs: TaskRun[]): number => runs.filter((run) => run.wasHealthy).length
    const staleHealthy = healthy(stale)
    const staleUnhealthy = stale.length - staleHealthy
    const batch = nextBatch({
      ...readDeploymentConfiguration(service.settings),
      desiredCount,
      fresh: fresh.length,
      freshHealthy: healthy(fresh),
      staleHealthy,
      staleUnhealthy,
      mayStart,
    })
    return primary.replacesAll ? { ...batch, stopStaleHealthy: staleHealthy } : batch
  }

  #warnOfDeadlock(service: Service, primary: Deployment): void {
    if (primary.warned.has('deadlock') || service.runs.some(isStopping)) return
    primary.warned.add('deadlock')
    tell(service, eventText.deadlocked(), this.#parts)
  }

  #conclude(service: Service, primary: Deployment): void {
    if (primary.rolloutState === 'IN_PROGRESS') {
      const { over, lookAgainAtMs } = isOver(service, primary, this.#parts)
      this.#wakeAt(service, lookAgainAtMs)
      if (over) this.rollouts.complete(service, primary)
      return
    }
    this.rollouts.tidy(service)
  }

  #goThroughStages(service: Service, primary: Deployment, lifecycle: Lifecycle): void {
    const { verdict, lookAgainAtMs } = advanceStages(service, primary, lifecycle, this.#parts)
    this.#wakeAt(service, lookAgainAtMs)
    if (verdict === 'over') this.rollouts.complete(service, primary)
    const asked = service.records[0]?.status === 'ROLLBACK_REQUESTED'
    if (verdict === 'hook-failed' && !asked) this.rollouts.fail(service, primary, 'hook')
  }

  #rest(service: Service, primary: Deployment): void {
    if (service.steady || primary.rolloutState !== 'COMPLETED') return
    const moving = service.runs.some(({ replaces }) => replaces !== undefined)
    if (moving || !isSettled(service, primary)) return
    service.steady = true
    tell(service, eventText.steady(), this.#parts)
  }
}

function lifecycleOf(record: ServiceDeployment | undefined): Lifecycle | undefined {
  return record === undefined || isTerminal(record) ? undefined : record.lifecycle
}

const isActive = ({ task }: TaskRun): boolean => task.desiredStatus === 'RUNNING'

const isStopping = ({ task }: TaskRun): boolean =>
  task.desiredStatus === 'STOPPED' && task.lastStatus !== 'STOPPED'

function retire(service: Service): void {
  if (service.runs.some(({ task }) => task.lastStatus !== 'STOPPED')) return
  service.status = 'INACTIVE'
  service.deployments = []
}

function forgetOldTasks(service: Service, nowMs: number): void {
  service.runs = service.runs.filter(
    ({ task }) => nowMs - (task.stoppedAtMs ?? nowMs) < stoppedTaskRetentionMs,
  )
}
