import type { ServiceEvent } from '../observation/observation.ts'

/** ECS keeps this many events of a service. */
export const mostEvents = 100

const stopped = /has stopped \d+ running tasks\b/
const startedOrStopped = /has (?:started|stopped) \d+ (?:running )?tasks\b/
const rollingBack = /\brolling back to deployment\b/

/**
 * When the scheduler said that it stops tasks, by task id. Service events name the tasks, so that
 * no list of them has to be asked for, and their time is before the draining; the task's own
 * `stoppingAt` may be after it.
 */
export function stopsTold(events: readonly ServiceEvent[]): ReadonlyMap<string, Date> {
  const told = new Map<string, Date>()
  // Newest first: what was said first stands.
  for (const { at, message } of events) {
    if (!stopped.test(message)) continue
    for (const id of tasksIn(message)) told.set(id, at)
  }
  return told
}

/** Ids of the tasks that the scheduler said to start or to stop, the latest first. */
export function tasksTold(events: readonly ServiceEvent[]): readonly string[] {
  const told = events.filter(({ message }) => startedOrStopped.test(message))
  return [...new Set(told.flatMap(({ message }) => tasksIn(message)))]
}

/** When ECS said that the deployment was complete. */
export function completionTold(
  events: readonly ServiceEvent[],
  deploymentId: string,
): Date | undefined {
  const words = `(deployment ${deploymentId}) deployment completed`
  return events.find(({ message }) => message.includes(words))?.at
}

/** When ECS first said that it returns to a deployment before. */
export function rollbackTold(events: readonly ServiceEvent[]): Date | undefined {
  return events.findLast(({ message }) => rollingBack.test(message))?.at
}

function tasksIn(message: string): readonly string[] {
  return [...message.matchAll(/\(task ([\w-]+)\)/g)].flatMap(([, id]) => id ?? [])
}
