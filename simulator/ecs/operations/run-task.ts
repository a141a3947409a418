import { numberMember, objectMember, objectsMember, stringMember } from '../../wire/members.ts'
import { ServiceError, type JsonObject, type Operation } from '../../wire/service.ts'
import { launchTask } from '../engine/task-launch.ts'
import type { TaskRun } from '../engine/task-run.ts'
import { resolveImages } from '../image-resolution.ts'
import type { Cluster } from '../model/cluster.ts'
import { containerDefinitions, type TaskDefinition } from '../model/task-definition.ts'
import { clientError, invalidParameter } from '../refusals.ts'
import { checkAgainstDefinition, existing } from '../validation/service-rules.ts'
import { taskView } from '../views/task-view.ts'
import { without } from '../without.ts'

import type { Api } from './api.ts'

const mostAtOnce = 10

function checkOverrides(overrides: JsonObject, definition: TaskDefinition): void {
  const names = containerDefinitions(definition.json).map((container) =>
    stringMember(container, 'name'),
  )
  for (const override of objectsMember(overrides, 'containerOverrides') ?? []) {
    const name = stringMember(override, 'name')
    if (names.includes(name)) continue
    throw invalidParameter(
      `Override for container named ${name ?? ''} is not a container in the TaskDefinition.`,
    )
  }
}

function plan(
  api: Api,
  input: JsonObject,
): { cluster: Cluster; definition: TaskDefinition; overrides: JsonObject; count: number } {
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const definition = existing(api.store.taskDefinition(stringMember(input, 'taskDefinition') ?? ''))
  checkAgainstDefinition(input, definition)
  const overrides = objectMember(input, 'overrides') ?? {}
  checkOverrides(overrides, definition)
  const count = numberMember(input, 'count') ?? 1
  if (!Number.isInteger(count) || count < 1 || count > mostAtOnce) {
    throw clientError('Task count must be between 1 and 10.')
  }
  return { cluster, definition, overrides, count }
}

/** What a task keeps of how it was asked for. */
function taskSettings(input: JsonObject): JsonObject {
  const fargate = stringMember(input, 'launchType') === 'FARGATE'
  return {
    ...('capacityProviderStrategy' in input ? {} : { launchType: 'EC2' }),
    ...(fargate && { platformVersion: '1.4.0' }),
    ...without(input, 'cluster', 'overrides', 'tags', 'clientToken'),
  }
}

/** The tasks that the input's token stands for already (ECS-48). */
function known(api: Api, input: JsonObject): TaskRun[] | undefined {
  const found = api.store.runTokens.get(stringMember(input, 'clientToken') ?? '')
  if (found === undefined || found.input === JSON.stringify(input)) return found?.runs
  throw new ServiceError(
    'ConflictException',
    'The request could not be processed because of conflict in the current state of the resource.',
  )
}

function answer(runs: readonly TaskRun[]): JsonObject {
  return { tasks: runs.map(({ task }) => taskView(task, true)), failures: [] }
}

async function run(api: Api, input: JsonObject): Promise<JsonObject> {
  const earlier = known(api, input)
  if (earlier !== undefined) return answer(earlier)
  const { cluster, definition, overrides, count } = plan(api, input)
  const images = await resolveImages(definition.json, api.images)
  const startedBy = stringMember(input, 'startedBy')
  const request = {
    cluster,
    group: stringMember(input, 'group') ?? `family:${definition.family}`,
    ...(startedBy !== undefined && { startedBy }),
    definition,
    images,
    settings: taskSettings(input),
    overrides,
    tags: [
      ...(stringMember(input, 'propagateTags') === 'TASK_DEFINITION' ? definition.tags : []),
      ...(objectsMember(input, 'tags') ?? []),
    ],
    loadBalanced: false,
    changed: () => undefined,
  }
  const runs = Array.from({ length: count }, () => launchTask(request, api))
  api.store.standalone = api.store.standalone.concat(runs)
  const token = stringMember(input, 'clientToken')
  if (token !== undefined) api.store.runTokens.set(token, { input: JSON.stringify(input), runs })
  return answer(runs)
}

export function runTaskOperations(api: Api): Record<string, Operation> {
  return { RunTask: (input) => run(api, input) }
}
