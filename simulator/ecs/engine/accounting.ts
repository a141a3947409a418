import { numberMember, objectsMember, stringMember } from '../../wire/members.ts'
import type { Deployment } from '../model/deployment.ts'
import type { Service } from '../model/service.ts'
import { type Task, taskHealth } from '../model/task.ts'

import { restartDelayMs } from './circuit-breaker.ts'
import { readDeploymentConfiguration } from './deployment-configuration.ts'
import { eventText, tell } from './service-events.ts'
import { graceEndsAtMs, verdictOn } from './task-health.ts'
import type { EngineParts } from './task-launch.ts'
import type { TaskRun } from './task-run.ts'

/** The service's target group, if it has one, and the port that is checked. */
export function targetGroupOf(
  settings: Service['settings'],
): { readonly arn: string; readonly port: number } | undefined {
  const [balancer] = objectsMember(settings, 'loadBalancers') ?? []
  const arn = balancer && stringMember(balancer, 'targetGroupArn')
  if (balancer === undefined || arn === undefined) return undefined
  return { arn, port: numberMember(balancer, 'containerPort') ?? 80 }
}

/** How long a task of this service drains: only a target group makes it wait. */
export function drainMs(service: Service, { pace }: EngineParts): number {
  return targetGroupOf(service.settings) === undefined ? 0 : pace.deregistrationDelayMs
}

function deploymentOf(service: Service, task: Task): Deployment | undefined {
  return service.deployments.find(({ id }) => id === task.startedBy)
}

function countFailure(service: Service, task: Task): void {
  const deployment = deploymentOf(service, task)
  if (deployment?.rolloutState === 'IN_PROGRESS') deployment.failedTasks += 1
}

/** Tasks that never reach RUNNING are replaced ever more slowly, also after the rollout. */
function slowDown(service: Service, task: Task, parts: EngineParts): void {
  const deployment = deploymentOf(service, task)
  if (deployment === undefined) return
  deployment.failedStarts += 1
  const delayMs = restartDelayMs(deployment.failedStarts, service.desiredCount)
  if (delayMs === 0) return
  deployment.startsAgainAtMs = parts.clock.now() + delayMs
  if (deployment.warned.has('crash-loop')) return
  deployment.warned.add('crash-loop')
  tell(service, eventText.crashLoop(), parts)
}

/** A task that ended by its own fault counts against its deployment, once. */
function accountForEnd(service: Service, run: TaskRun, parts: EngineParts): void {
  const { task } = run
  if (run.accounted || task.desiredStatus === 'RUNNING') return
  run.accounted = true
  if (task.stopCode === 'TaskFailedToStart') {
    tell(service, eventText.unplaceable(task.stoppedReason ?? ''), parts)
  }
  const own = task.stopCode === 'TaskFailedToStart' || task.stopCode === 'EssentialContainerExited'
  if (own) {
    countFailure(service, task)
    if (task.startedAtMs === undefined) slowDown(service, task, parts)
    service.steady = false
  }
}

function removeUnhealthy(service: Service, run: TaskRun, reason: string, parts: EngineParts): void {
  run.accounted = true
  service.unhealthyToReplace += 1
  service.steady = false
  run.stop({ code: 'ServiceSchedulerInitiated', reason, drainMs: drainMs(service, parts) })
  tell(service, eventText.stoppedRunning([run.task]), parts)
  countFailure(service, run.task)
}

function judge(service: Service, run: TaskRun, parts: EngineParts): void {
  const { task } = run
  const group = targetGroupOf(service.settings)
  switch (verdictOn(task, service, parts.clock.now(), parts.pace.settledAfterMs)) {
    case 'failed-container-checks':
      tell(service, eventText.failedContainerChecks(task), parts)
      removeUnhealthy(service, run, 'Task failed container health checks', parts)
      break
    case 'failed-target-checks': {
      const { arn, port } = group ?? { arn: '', port: 0 }
      const cause = task.targetReason ?? 'Health checks failed'
      tell(service, eventText.unhealthyTarget(task, port, arn, cause), parts)
      removeUnhealthy(service, run, `Task failed ELB health checks in (target-group ${arn})`, parts)
      break
    }
    case 'healthy':
      if (!run.wasHealthy) noteHealthy(service, run)
      break
    case 'undecided':
  }
}

function noteHealthy(service: Service, run: TaskRun): void {
  run.wasHealthy = true
  const deployment = deploymentOf(service, run.task)
  const { breaker } = readDeploymentConfiguration(service.settings)
  if (deployment !== undefined && breaker.resetOnHealthyTask) deployment.failedTasks = 0
}

function noteRunning(service: Service, parts: EngineParts): void {
  const group = targetGroupOf(service.settings)
  const running = service.runs.filter((run) => !run.registered && run.task.lastStatus === 'RUNNING')
  for (const run of running) {
    run.registered = true
    const deployment = deploymentOf(service, run.task)
    if (deployment === undefined) continue
    deployment.failedStarts = 0
    deployment.startsAgainAtMs = 0
    deployment.warned.delete('crash-loop')
  }
  if (group === undefined || running.length === 0) return
  tell(service, eventText.registered(running.length, group.arn), parts)
}

/**
 * Takes into account what happened to the service's tasks since the last look: ends, bad health,
 * good health. Returns when bad health that is overlooked now must be looked at again.
 */
export function accountForTasks(service: Service, parts: EngineParts): number | undefined {
  let lookAgainAtMs: number | undefined
  noteRunning(service, parts)
  for (const run of service.runs) {
    accountForEnd(service, run, parts)
    judge(service, run, parts)
    const { task } = run
    const unwell = task.target === 'unhealthy' || taskHealth(task) === 'UNHEALTHY'
    if (!unwell || task.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED') continue
    const graceEndsMs = graceEndsAtMs(task, service)
    lookAgainAtMs = Math.min(lookAgainAtMs ?? graceEndsMs, graceEndsMs)
  }
  return lookAgainAtMs
}
