import { isObject, textOf } from '../wire/json.ts'
import type { JsonObject } from '../wire/service.ts'
import type { Store } from './store.ts'

/** What the `awslogs` driver wrote so far. */
export interface LogGroups {
  readonly groups: ReadonlySet<string>
  /** Lines by `group` and `prefix/container/task-id`. */
  stream(group: string, stream: string): readonly string[] | undefined
}

/**
 * The CloudWatch Logs streams of the tasks that ECS still knows. A stream is named
 * `prefix-name/container-name/ecs-task-id` (ECS developer guide, using the awslogs log driver).
 */
export function awslogs(store: Store, nowMs: number): LogGroups {
  const streams = new Map<string, readonly string[]>()
  const groups = new Set<string>()
  for (const { task } of store.runs(nowMs)) {
    for (const container of task.containers) {
      const place = placeOf(container.definition)
      if (place === undefined) continue
      groups.add(place.group)
      const name = [place.prefix, container.name, task.id].join('/')
      if (container.log.length > 0) streams.set(keyOf(place.group, name), container.log)
    }
  }
  return { groups, stream: (group, stream) => streams.get(keyOf(group, stream)) }
}

function placeOf(
  definition: JsonObject,
): { readonly group: string; readonly prefix: string } | undefined {
  const configuration = definition['logConfiguration']
  if (!isObject(configuration) || configuration['logDriver'] !== 'awslogs') return undefined
  const { options } = configuration
  if (!isObject(options)) return undefined
  const group = textOf(options['awslogs-group'])
  const prefix = textOf(options['awslogs-stream-prefix'])
  return group === undefined || prefix === undefined ? undefined : { group, prefix }
}

const keyOf = (group: string, stream: string): string => JSON.stringify([group, stream])
