import type { Clock } from '../../clock/clock.ts'
import type { Identifiers } from '../identifiers.ts'
import type { Service } from '../model/service.ts'
import type { Task } from '../model/task.ts'

const newest = 100

const tasksOf = (tasks: readonly Task[]): string =>
  tasks.map((task) => `(task ${task.id})`).join(' ')

/** `2 tasks in a, 1 in b, and 0 in c`; `unit` follows the later numbers. */
function spread(zones: ReadonlyMap<string, number>, unit: string): string {
  const parts = [...zones].map(
    ([zone, count], index) => `${count}${index === 0 ? ' tasks' : unit} in ${zone}`,
  )
  return [...parts.slice(0, -1), `and ${parts.at(-1) ?? ''}`].join(', ')
}

/** The texts of ECS's service events, after `(service <name>) `. */
export const eventText = {
  started: (tasks: readonly Task[], replacing: number): string =>
    `has started ${tasks.length} tasks: ${tasksOf(tasks)}.` +
    (replacing > 0 ? ` Amazon ECS replaced ${replacing} tasks due to an unhealthy status.` : ''),
  stoppedRunning: (tasks: readonly Task[]): string =>
    `has stopped ${tasks.length} running tasks: ${tasksOf(tasks)}.`,
  stoppedPending: (count: number): string => `stopped ${count} pending tasks.`,
  registered: (count: number, group: string): string =>
    `registered ${count} targets in (target-group ${group})`,
  deregistered: (count: number, group: string): string =>
    `deregistered ${count} targets in (target-group ${group})`,
  draining: (count: number): string => `has begun draining connections on ${count} tasks.`,
  failedContainerChecks: (task: Task): string =>
    `(task ${task.id}) failed container health checks.`,
  unhealthyTarget: (task: Task, port: number, group: string, reason: string): string =>
    `(task ${task.id}) (port ${port}) is unhealthy in (target-group ${group}) due to (reason ${reason}).`,
  unplaceable: (reason: string): string => `was unable to place a task. Reason: ${reason}`,
  unbalanced: (zones: ReadonlyMap<string, number>): string =>
    `is not AZ balanced with ${spread(zones, '')}. AZ Rebalancing in progress.`,
  balanced: (zones: ReadonlyMap<string, number>): string =>
    `is AZ balanced with ${spread(zones, ' tasks')}.`,
  startedToRebalance: (task: Task): string =>
    `has started 1 tasks in ${task.availabilityZone} to AZ Rebalance: ${tasksOf([task])}.`,
  stoppedToRebalance: (task: Task): string =>
    `has stopped 1 running tasks in ${task.availabilityZone} due to AZ rebalancing: ${tasksOf([task])}.`,
  crashLoop: (): string => 'is unable to consistently start tasks successfully.',
  deadlocked: (): string =>
    'was unable to stop or start tasks during a deployment because of the service deployment ' +
    'configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
  completed: (deployment: string): string => `(deployment ${deployment}) deployment completed.`,
  failed: (deployment: string, text: string): string => `(deployment ${deployment}) ${text}`,
  rollingBack: (deployment: string): string => `rolling back to deployment ${deployment}.`,
  steady: (): string => 'has reached a steady state.',
}

interface Chronicle {
  readonly clock: Clock
  readonly ids: Identifiers
}

/** Adds an event to the service, newest first; ECS keeps one hundred. */
export function tell(service: Service, message: string, by: Chronicle): void {
  tellVerbatim(service, `(service ${service.name}) ${message}`, by)
}

/** The same, for a text that does not begin with the service's name. */
export function tellVerbatim(service: Service, message: string, { clock, ids }: Chronicle): void {
  service.events.unshift({ id: ids.uuid(), createdAtMs: clock.now(), message })
  service.events.splice(newest)
}
