import type { Deployment } from '../model/deployment.ts'
import type { ServiceRevision } from '../model/service-revision.ts'
import { activeRuns, primaryOf, type Service } from '../model/service.ts'
import { stoppedTaskRetentionMs } from '../model/task.ts'

import { accountForTasks, drainMs, targetGroupOf } from './accounting.ts'
import { nextBatch, type Batch } from './batch.ts'
import { failureThreshold } from './circuit-breaker.ts'
import { readDeploymentConfiguration } from './deployment-configuration.ts'
import { Rollouts } from './rollouts.ts'
import { eventText, tell } from './service-events.ts'
import { type EngineParts, launchTask } from './task-launch.ts'
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
    this.#parts.clock.schedule(this.#parts.pace.reviewMs, () => this.#review(service))
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
    this.#stop(service, service.runs.filter(isActive))
    this.wake(service)
  }

  #review(service: Service): void {
    const { clock } = this.#parts
    service.reviewDue = false
    forgetOldTasks(service, clock.now())
    const lookAgainAtMs = accountForTasks(service, this.#parts)
    if (lookAgainAtMs !== undefined) {
      clock.schedule(lookAgainAtMs - clock.now(), () => this.wake(service))
    }
    if (service.status !== 'ACTIVE') {
      retire(service)
      return
    }
    const failing = primaryOf(service)
    if (failing !== undefined && this.#tripped(service, failing)) {
      this.rollouts.trip(service, failing)
    }
    const primary = primaryOf(service)
    if (primary === undefined || service.records[0]?.status === 'PENDING') return
    this.#carryOut(service, primary)
    this.#conclude(service, primary)
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

  #carryOut(service: Service, primary: Deployment): void {
    const fresh = activeRuns(service, primary)
    const stale = service.runs.filter((run) => isActive(run) && !fresh.includes(run))
    if (primary.rolloutState === 'FAILED') {
      this.#stop(service, service.desiredCount === 0 ? [...fresh, ...stale] : [])
      return
    }
    const batch = this.#plan(service, primary, fresh, stale)
    if (batch.deadlocked) this.#warnOfDeadlock(service, primary)
    const unhealthyFirst = [...fresh].sort((a, b) => Number(a.wasHealthy) - Number(b.wasHealthy))
    this.#stop(service, [
      ...stale.filter((run) => !run.wasHealthy).slice(0, batch.stopStaleUnhealthy),
      ...stale.filter((run) => run.wasHealthy).slice(0, batch.stopStaleHealthy),
      ...unhealthyFirst.slice(0, batch.stopFresh),
    ])
    this.#start(service, primary, batch.start)
  }

  #plan(service: Service, primary: Deployment, fresh: TaskRun[], stale: TaskRun[]): Batch {
    const { clock } = this.#parts
    const waitMs = primary.startsAgainAtMs - clock.now()
    if (waitMs > 0) clock.schedule(waitMs, () => this.wake(service))
    const healthy = (runs: TaskRun[]): number => runs.filter((run) => run.wasHealthy).length
    return nextBatch({
      ...readDeploymentConfiguration(service.settings),
      desiredCount: service.desiredCount,
      fresh: fresh.length,
      freshHealthy: healthy(fresh),
      staleHealthy: healthy(stale),
      staleUnhealthy: stale.length - healthy(stale),
      mayStart: waitMs <= 0,
    })
  }

  #warnOfDeadlock(service: Service, primary: Deployment): void {
    if (primary.warned.has('deadlock') || service.runs.some(isStopping)) return
    primary.warned.add('deadlock')
    tell(service, eventText.deadlocked(), this.#parts)
  }

  #start(service: Service, primary: Deployment, count: number): void {
    if (count === 0) return
    const { revision } = primary
    const request = {
      cluster: service.cluster,
      group: `service:${service.name}`,
      startedBy: primary.id,
      definition: revision.taskDefinition,
      images: revision.images,
      settings: revision.settings,
      overrides: {},
      tags: [],
      loadBalanced: targetGroupOf(revision.settings) !== undefined,
      changed: () => this.wake(service),
    }
    const runs = Array.from({ length: count }, () => launchTask(request, this.#parts))
    const replacing = Math.min(service.unhealthyToReplace, count)
    const tasks = runs.map(({ task }) => task)
    service.runs.push(...runs)
    service.unhealthyToReplace -= replacing
    service.steady = false
    tell(service, eventText.started(tasks, replacing), this.#parts)
  }

  #stop(service: Service, runs: readonly TaskRun[]): void {
    if (runs.length === 0) return
    const by = primaryOf(service)?.id ?? 'none'
    const running = runs.filter(({ task }) => task.lastStatus === 'RUNNING')
    const drain = drainMs(service, this.#parts)
    for (const run of runs) {
      const reason = `Scaling activity initiated by (deployment ${by})`
      run.stop({ code: 'ServiceSchedulerInitiated', reason, drainMs: drain })
    }
    service.steady = false
    const pending = runs.length - running.length
    if (pending > 0) tell(service, eventText.stoppedPending(pending), this.#parts)
    if (running.length === 0) return
    tell(service, eventText.stoppedRunning(running.map(({ task }) => task)), this.#parts)
    const group = targetGroupOf(service.settings)
    if (group === undefined) return
    tell(service, eventText.deregistered(running.length, group.arn), this.#parts)
    tell(service, eventText.draining(running.length), this.#parts)
  }

  #conclude(service: Service, primary: Deployment): void {
    if (primary.rolloutState === 'FAILED' || !isSettled(service, primary)) return
    if (primary.rolloutState === 'IN_PROGRESS') {
      const { clock, pace } = this.#parts
      const earlyMs = primary.beganAtMs + pace.completesAfterMs - clock.now()
      if (earlyMs > 0) {
        clock.schedule(earlyMs, () => this.wake(service))
        return
      }
      this.rollouts.complete(service, primary)
    }
    if (service.steady) return
    service.steady = true
    tell(service, eventText.steady(), this.#parts)
  }
}

/** All that is wanted is there and healthy, and nothing else is left. */
function isSettled(service: Service, primary: Deployment): boolean {
  const fresh = activeRuns(service, primary)
  const left = service.runs.filter(({ task }) => task.lastStatus !== 'STOPPED')
  return (
    fresh.length === service.desiredCount &&
    left.length === fresh.length &&
    fresh.every((run) => run.wasHealthy)
  )
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
