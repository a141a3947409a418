import type {
  CapacityFailure,
  Disturbance,
  FailTargets,
  LoseCapacity,
  Scale,
} from '../disturbance.ts'
import { drainMs, targetGroupOf } from '../engine/accounting.ts'
import { beginMove } from '../engine/rebalance.ts'
import { tellVerbatim } from '../engine/service-events.ts'
import type { TaskRun } from '../engine/task-run.ts'
import type { Service } from '../model/service.ts'
import { serviceNotActive, serviceNotFound } from '../refusals.ts'

import type { Api } from './api.ts'

const shortages: Readonly<Record<CapacityFailure, string>> = {
  'fargate-capacity':
    'was unable to place a task. Reason: Capacity is unavailable at this time. ' +
    'Please try again later or in a different availability zone.',
  'container-instances':
    'was unable to place a task because no container instance met all of its requirements. ' +
    'The closest matching container-instance has insufficient CPU units available.',
  'vcpu-limit':
    'was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can ' +
    'run concurrently.',
}

function scale(api: Api, service: Service, { desiredCount, cause }: Scale): void {
  service.desiredCount = desiredCount
  const why = cause ?? 'monitor alarm in state ALARM triggered a scaling policy'
  const done = `Message: Successfully set desired count to ${desiredCount}.`
  tellVerbatim(service, `${done} Change successfully fulfilled by ecs. Cause: ${why}`, api)
  api.scheduler.wake(service)
}

function loseCapacity(api: Api, service: Service, { failure, forMs }: LoseCapacity): void {
  const now = api.clock.now()
  service.shortage = { message: shortages[failure], untilMs: now + forMs, tellAtMs: now }
  api.clock.schedule(forMs, () => api.scheduler.wake(service))
}

function oldestRunning(service: Service, count = 1): TaskRun[] {
  return service.runs
    .filter(({ task }) => task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING')
    .slice(0, count)
}

function rebalance(api: Api, service: Service): void {
  if (beginMove(service, api, () => api.scheduler.wake(service))) return
  throw new Error(`service ${service.name} has no healthy task that could move to another zone`)
}

function failTargets(service: Service, { tasks, reason }: FailTargets): void {
  if (targetGroupOf(service.settings) === undefined) {
    throw new Error(`service ${service.name} has no target group`)
  }
  for (const run of oldestRunning(service, tasks)) run.targetHealth(false, reason)
}

function onService(
  api: Api,
  service: Service,
  disturbance: Exclude<Disturbance, { kind: 'set-alarm' | 'answer-hook' }>,
): void {
  switch (disturbance.kind) {
    case 'scale':
      scale(api, service, disturbance)
      break
    case 'rebalance':
      rebalance(api, service)
      break
    case 'lose-capacity':
      loseCapacity(api, service, disturbance)
      break
    case 'delete-service':
      api.scheduler.drain(service)
      break
    case 'forget-deployments':
      for (const record of service.records) record.forgotten = true
      break
    case 'fail-targets':
      failTargets(service, disturbance)
      break
    case 'interrupt-spot':
    case 'stop-tasks': {
      const spot = disturbance.kind === 'interrupt-spot'
      const byUser = spot ? undefined : disturbance.reason
      const reason = spot ? 'Your Spot Task was interrupted.' : (byUser ?? 'Task stopped by user')
      const code = spot ? 'SpotInterruption' : 'UserInitiated'
      for (const run of oldestRunning(service, disturbance.tasks)) {
        run.stop({ code, reason, drainMs: drainMs(service, api) })
      }
    }
  }
}

function setAlarm(api: Api, alarm: string, inAlarm: boolean): void {
  if (inAlarm) api.alarms.add(alarm)
  else api.alarms.delete(alarm)
  for (const service of api.store.services.values()) api.scheduler.wake(service)
}

/**
 * Makes `disturbance` happen now. Throws what the API would throw for a cluster or service that is
 * not there or not ACTIVE, and an Error for a move without a task to move and for bad targets
 * without a target group.
 */
export function disturb(api: Api, disturbance: Disturbance): void {
  if (disturbance.kind === 'set-alarm') {
    setAlarm(api, disturbance.alarm, disturbance.state === 'ALARM')
    return
  }
  if (disturbance.kind === 'answer-hook') {
    api.lambda.follow(disturbance.functionArn, disturbance.answers)
    return
  }
  const cluster = api.store.clusterOfService(disturbance.service, disturbance.cluster)
  const service = api.store.services.get(api.store.serviceArn(disturbance.service, cluster))
  if (service === undefined) throw serviceNotFound()
  if (service.status !== 'ACTIVE') throw serviceNotActive()
  onService(api, service, disturbance)
}
