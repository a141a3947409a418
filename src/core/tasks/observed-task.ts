import { objectsAt, stringAt, type JsonObject } from '../json.ts'
import { readTasks, type Task } from '../rollout/observation/stopped-tasks.ts'

/** A one-off task as one look showed it. */
export interface ObservedTask extends Task {
  /** STOPPED as soon as anything makes it end, whether its containers know of it or not. */
  readonly desiredStatus: string
  /** `lastStatus` of each container. */
  readonly containerStatus: ReadonlyMap<string, string>
}

/** The first task of a RunTask or DescribeTasks answer. @returns undefined where there is none. */
export function readObservedTask(answer: JsonObject): ObservedTask | undefined {
  const [raw] = objectsAt(answer, 'tasks')
  const [task] = readTasks(answer)
  if (raw === undefined || task === undefined) return undefined
  const statuses = objectsAt(raw, 'containers').map(
    (each) => [stringAt(each, 'name') ?? '', stringAt(each, 'lastStatus') ?? ''] as const,
  )
  return {
    ...task,
    desiredStatus: stringAt(raw, 'desiredStatus') ?? '',
    containerStatus: new Map(statuses),
  }
}
