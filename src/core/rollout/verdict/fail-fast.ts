import { findCause } from '../causes/causes.ts'
import { failureKind, fullReason, isStopped, type Task } from '../observation/stopped-tasks.ts'
import { healthyTasks, type TargetHealth } from '../observation/target-health.ts'

/** A task of a container without health check and load balancer counts as healthy after this. */
const healthyAfterMs = 30_000

/** Two tasks that cannot start for the same reason are enough to know that no third will. */
const sameStartErrors = 2

/** Who tells whether a task of the service is healthy; nobody: that it goes on RUNNING does. */
export interface HealthChecks {
  /** Load balancers, whose answers tasks do not show: neither RUNNING nor HEALTHY is health then. */
  readonly balanced: boolean
  /** A health check of an essential container: a task that is not HEALTHY is not healthy. */
  readonly checked: boolean
}

/** What is known of the tasks of our deployment; ECS forgets stopped ones after an hour. */
export interface TaskHistory {
  /** By ARN, in the order in which they were first seen stopped. */
  readonly stopped: ReadonlyMap<string, Task>
  /** ECS's time of the latest failure after which a healthy task of ours was seen. */
  readonly healthyAfter: Date | undefined
}

export const emptyTaskHistory: TaskHistory = { stopped: new Map(), healthyAfter: undefined }

/**
 * Adds one look at the tasks of our deployment.
 * @param checks With a load balancer ECS's own count of failures tells, which it sets back at a
 * healthy task, and the health of targets where it is read ({@link rememberTargets}).
 */
export function rememberTasks(
  history: TaskHistory,
  tasks: readonly Task[],
  { balanced, checked }: HealthChecks,
): TaskHistory {
  const stopped = new Map(history.stopped)
  for (const task of tasks) if (isStopped(task)) stopped.set(task.arn, task)
  const failures = failureTimes([...stopped.values()])
  const last = failures.at(-1)
  const healthy = tasks.some((task) => !isStopped(task) && isHealthyAt(task, last, checked))
  return { stopped, healthyAfter: (healthy && !balanced && last) || history.healthyAfter }
}

/** Whether a task that runs was healthy when another failed, or is now. */
function isHealthyAt(task: Task, failure: Date | undefined, checked: boolean): boolean {
  if (task.healthStatus === 'HEALTHY') return true
  if (checked || task.healthStatus === 'UNHEALTHY' || failure === undefined) return false
  return task.startedAt !== undefined && +failure - +task.startedAt >= healthyAfterMs
}

/**
 * Adds what load balancers say of our running tasks: one that they call healthy now, and its own
 * health check as well where it has one, comes after all failures that are known.
 */
export function rememberTargets(
  history: TaskHistory,
  tasks: readonly Task[],
  targets: readonly TargetHealth[],
  { checked }: HealthChecks,
): TaskHistory {
  const healthy = healthyTasks(tasks, targets).some(({ healthStatus }) =>
    checked ? healthStatus === 'HEALTHY' : healthStatus !== 'UNHEALTHY',
  )
  return healthy ? rememberRecovery(history) : history
}

/** ECS counts failures in a row: a smaller count means that a task was healthy in between. */
export function rememberRecovery(history: TaskHistory): TaskHistory {
  const last = failureTimes([...history.stopped.values()]).at(-1)
  return { ...history, healthyAfter: last ?? history.healthyAfter }
}

/**
 * Why no further waiting helps: the same deterministic start error twice, or `maxTaskFailures`
 * essential exits or health-check kills with no task of ours healthy in between.
 * @param maxTaskFailures 0: never.
 * @returns a sentence for people, or undefined while there is hope.
 */
export function findHopelessness(
  history: TaskHistory,
  maxTaskFailures: number,
  checks: HealthChecks,
): string | undefined {
  if (maxTaskFailures === 0) return undefined
  const tasks = [...history.stopped.values()]
  return findSameStartError(tasks) ?? findCrashLoop(tasks, history, maxTaskFailures, checks)
}

function findSameStartError(tasks: readonly Task[]): string | undefined {
  const counts = new Map<string, number>()
  for (const task of tasks) {
    if (failureKind(task) !== 'start') continue
    const cause = findCause(fullReason(task))
    if (cause?.deterministic !== true) continue
    const count = 1 + (counts.get(cause.id) ?? 0)
    if (count >= sameStartErrors) return `${count} tasks could not start: ${cause.sentence}`
    counts.set(cause.id, count)
  }
  return undefined
}

function findCrashLoop(
  tasks: readonly Task[],
  { healthyAfter }: TaskHistory,
  maxTaskFailures: number,
  { balanced, checked }: HealthChecks,
): string | undefined {
  const telling = tasks.filter(({ healthStatus }) => !checked || healthStatus === 'HEALTHY')
  const healthyAt = balanced ? [] : telling.flatMap(healthySince)
  const last = failureTimes(tasks).at(-1)
  if (last === undefined) return undefined
  const since = Math.max(
    healthyAfter?.getTime() ?? 0,
    ...healthyAt.map((at) => at.getTime()).filter((at) => at <= last.getTime()),
  )
  const inARow = tasks.filter((task) => isCrash(task) && timeOf(task) > since).length
  return inARow >= maxTaskFailures
    ? `${inARow} tasks failed, and none was healthy in between`
    : undefined
}

/** When a task that ran long enough, and has no health check that says otherwise, was healthy. */
function healthySince(task: Task): readonly Date[] {
  if (task.startedAt === undefined || task.stoppedAt === undefined) return []
  if (task.healthStatus === 'UNHEALTHY' || failureKind(task) === 'health') return []
  const at = new Date(task.startedAt.getTime() + healthyAfterMs)
  return at <= task.stoppedAt ? [at] : []
}

function isCrash(task: Task): boolean {
  const kind = failureKind(task)
  return kind === 'exit' || kind === 'health'
}

function failureTimes(tasks: readonly Task[]): readonly Date[] {
  return tasks
    .filter(isCrash)
    .flatMap(({ stoppedAt }) => stoppedAt ?? [])
    .sort((a, b) => a.getTime() - b.getTime())
}

function timeOf(task: Task): number {
  return task.stoppedAt?.getTime() ?? 0
}
