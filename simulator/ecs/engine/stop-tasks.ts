import { primaryOf, type Service } from '../model/service.ts'

import { drainMs, targetGroupOf } from './accounting.ts'
import { eventText, tell } from './service-events.ts'
import type { EngineParts } from './task-launch.ts'
import type { TaskRun } from './task-run.ts'

/** Why the scheduler stops a task that nothing is wrong with. */
export function scalingReason(service: Service): string {
  return `Scaling activity initiated by (deployment ${primaryOf(service)?.id ?? 'none'})`
}

/** Stops `runs` in the name of the service's deployment and says so. */
export function stopTasks(service: Service, runs: readonly TaskRun[], parts: EngineParts): void {
  if (runs.length === 0) return
  const running = runs.filter(({ task }) => task.lastStatus === 'RUNNING')
  const reason = scalingReason(service)
  const drain = drainMs(service, parts)
  for (const run of runs) run.stop({ code: 'ServiceSchedulerInitiated', reason, drainMs: drain })
  service.steady = false
  const pending = runs.length - running.length
  if (pending > 0) tell(service, eventText.stoppedPending(pending), parts)
  if (running.length === 0) return
  tell(service, eventText.stoppedRunning(running.map(({ task }) => task)), parts)
  const group = targetGroupOf(service.settings)
  if (group === undefined) return
  tell(service, eventText.deregistered(running.length, group.arn), parts)
  tell(service, eventText.draining(running.length), parts)
}
