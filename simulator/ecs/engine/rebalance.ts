import type { Service } from '../model/service.ts'

import { drainMs } from './accounting.ts'
import { eventText, tell } from './service-events.ts'
import { emptiestZone, startTask, tasksByZone } from './start-tasks.ts'
import { scalingReason } from './stop-tasks.ts'
import type { EngineParts } from './task-launch.ts'
import type { TaskRun } from './task-run.ts'

/** The oldest healthy task of the newest deployment that has one. */
function movable(service: Service): TaskRun | undefined {
  for (const { id } of service.deployments) {
    const found = service.runs.find(
      ({ task, wasHealthy }) =>
        task.startedBy === id && wasHealthy && task.desiredStatus === 'RUNNING',
    )
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Availability Zone rebalancing of one task: another one of the same deployment starts in the
 * emptiest other zone, and once it is healthy the first one stops. False when there is no task to move.
 */
export function beginMove(service: Service, parts: EngineParts, changed: () => void): boolean {
  const leaving = movable(service)
  const deployment = service.deployments.find(({ id }) => id === leaving?.task.startedBy)
  if (leaving === undefined || deployment === undefined) return false
  const zone = emptiestZone(service, parts, leaving.task.availabilityZone)
  tell(service, eventText.unbalanced(tasksByZone(service, parts)), parts)
  const arriving = startTask(service, deployment, parts, changed, zone)
  arriving.replaces = leaving
  tell(service, eventText.startedToRebalance(arriving.task), parts)
  return true
}

function finishMove(service: Service, leaving: TaskRun, parts: EngineParts): void {
  leaving.stop({
    code: 'ServiceSchedulerInitiated',
    reason: scalingReason(service),
    drainMs: drainMs(service, parts),
  })
  tell(service, eventText.stoppedToRebalance(leaving.task), parts)
  tell(service, eventText.balanced(tasksByZone(service, parts)), parts)
}

/** Ends the moves whose new task is healthy, and gives up those whose tasks are gone. */
export function finishMoves(service: Service, parts: EngineParts): void {
  for (const run of service.runs) {
    const leaving = run.replaces
    if (leaving === undefined) continue
    const gone = leaving.task.desiredStatus === 'STOPPED' || run.task.desiredStatus === 'STOPPED'
    if (!gone && !run.wasHealthy) continue
    if (!gone) finishMove(service, leaving, parts)
    run.replaces = undefined
  }
}
