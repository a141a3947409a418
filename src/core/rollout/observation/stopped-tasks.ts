import { dateAt, numberAt, objectsAt, stringAt, type JsonObject } from '../../json.ts'
import type { StoppedTaskGroup } from '../evidence/service-outcome.ts'

export interface TaskContainer {
  readonly name: string
  readonly exitCode: number | undefined
  readonly reason: string | undefined
  readonly healthStatus: string | undefined
  readonly imageDigest: string | undefined
}

/** The steps of a task's life beside `startedAt`, by ECS's clock. */
export interface TaskTimes {
  readonly createdAt: Date | undefined
  readonly pullStartedAt: Date | undefined
  readonly pullStoppedAt: Date | undefined
  readonly stoppingAt: Date | undefined
  /** When it had stopped, whole. */
  readonly endedAt: Date | undefined
}

/** A task as DescribeTasks told it. */
export interface Task {
  readonly arn: string
  /** `ecs-svc/…` of the deployment that started it. */
  readonly startedBy: string | undefined
  readonly taskDefinitionArn: string
  readonly lastStatus: string
  readonly healthStatus: string | undefined
  readonly stopCode: string
  readonly stoppedReason: string
  readonly startedAt: Date | undefined
  /** When it began to stop, else when it had stopped. */
  readonly stoppedAt: Date | undefined
  /** ECS's times of its other steps, where it took them. */
  readonly times?: TaskTimes
  readonly containers: readonly TaskContainer[]
  /** Of its network interface (awsvpc), by which load balancers know it; undefined where it has none. */
  readonly address?: string | undefined
}

export function readTasks(answer: JsonObject): readonly Task[] {
  return objectsAt(answer, 'tasks').map((task) => ({
    arn: stringAt(task, 'taskArn') ?? '',
    startedBy: stringAt(task, 'startedBy'),
    taskDefinitionArn: stringAt(task, 'taskDefinitionArn') ?? '',
    lastStatus: stringAt(task, 'lastStatus') ?? '',
    healthStatus: stringAt(task, 'healthStatus'),
    stopCode: stringAt(task, 'stopCode') ?? '',
    stoppedReason: stringAt(task, 'stoppedReason') ?? '',
    startedAt: dateAt(task, 'startedAt'),
    stoppedAt: dateAt(task, 'stoppingAt') ?? dateAt(task, 'stoppedAt'),
    times: {
      createdAt: dateAt(task, 'createdAt'),
      pullStartedAt: dateAt(task, 'pullStartedAt'),
      pullStoppedAt: dateAt(task, 'pullStoppedAt'),
      stoppingAt: dateAt(task, 'stoppingAt'),
      endedAt: dateAt(task, 'stoppedAt'),
    },
    containers: objectsAt(task, 'containers').map(readContainer),
    address: readAddress(task),
  }))
}

function readAddress(task: JsonObject): string | undefined {
  const details = objectsAt(task, 'attachments').flatMap((each) => objectsAt(each, 'details'))
  const address = details.find((detail) => stringAt(detail, 'name') === 'privateIPv4Address')
  return address && stringAt(address, 'value')
}

function readContainer(container: JsonObject): TaskContainer {
  return {
    name: stringAt(container, 'name') ?? '',
    exitCode: numberAt(container, 'exitCode'),
    reason: stringAt(container, 'reason'),
    healthStatus: stringAt(container, 'healthStatus'),
    imageDigest: stringAt(container, 'imageDigest'),
  }
}

/** Whether the task has ended or is on its way there. */
export function isStopped(task: Task): boolean {
  return task.stopCode !== '' && task.stoppedAt !== undefined
}

/** Everything ECS said about the task's end, container by container: what causes are looked for in. */
export function fullReason(task: Pick<Task, 'stoppedReason' | 'containers'>): string {
  return [task.stoppedReason, ...task.containers.map(({ reason }) => reason ?? '')]
    .filter((text) => text !== '')
    .join('; ')
}

/** Kinds of ends that the release is to blame for. */
export type FailureKind = 'start' | 'exit' | 'health'

/**
 * How a task failed. Ends that say nothing about the release are no failures: scaling, rebalancing,
 * draining, capacity and Spot, people, and the deployment's own replacement of tasks.
 */
export function failureKind(task: Task): FailureKind | undefined {
  switch (task.stopCode) {
    case 'TaskFailedToStart':
      return 'start'
    case 'EssentialContainerExited':
      return 'exit'
    case 'ServiceSchedulerInitiated':
      return /failed (ELB|container) health checks/i.test(task.stoppedReason) ? 'health' : undefined
    default:
      return undefined
  }
}

/** Groups alike endings, the most frequent first; within a task the failed container first. */
export function groupStoppedTasks(tasks: readonly Task[]): readonly StoppedTaskGroup[] {
  const groups = new Map<string, [Task, ...Task[]]>()
  for (const task of tasks) {
    const alike = groups.get(likeness(task))
    if (alike === undefined) groups.set(likeness(task), [task])
    else alike.push(task)
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map(([first, ...others]) => ({
      count: 1 + others.length,
      stopCode: first.stopCode,
      reason: first.stoppedReason,
      containers: worstFirst(first.containers).map(({ name, exitCode, reason, healthStatus }) => ({
        ...{ name, exitCode, reason, healthStatus },
      })),
      exampleTaskArn: first.arn,
    }))
}

function likeness(task: Task): string {
  const exits = task.containers.map(({ name, exitCode, reason }) => [name, exitCode, reason])
  return JSON.stringify([task.stopCode, withoutIds(task.stoppedReason), exits])
}

/** Task ids, request ids and addresses differ between tasks that failed in the same way. */
function withoutIds(reason: string): string {
  return reason.replace(/[0-9a-f]{8}-?[0-9a-f-]{8,}/gi, '…').replace(/\d+\.\d+\.\d+\.\d+/g, '…')
}

/** The container that failed the task before those that were only stopped along. */
export function worstFirst(containers: readonly TaskContainer[]): readonly TaskContainer[] {
  return [...containers].sort((a, b) => severity(b) - severity(a))
}

/** A container that never ran, or died of itself, before one that was only stopped along. */
function severity({ exitCode, reason, healthStatus }: TaskContainer): number {
  if (reason !== undefined && reason !== '') return 4
  // 137 and 143 are what the others get when the task is stopped.
  if (exitCode !== undefined && exitCode !== 0 && exitCode !== 137 && exitCode !== 143) return 3
  if (healthStatus === 'UNHEALTHY') return 2
  return exitCode === undefined || exitCode === 0 ? 0 : 1
}
