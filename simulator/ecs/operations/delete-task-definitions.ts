import { epochSeconds } from '../../wire/json.ts'
import { stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import type { TaskDefinition } from '../model/task-definition.ts'
import { nameOf } from '../arn.ts'
import { invalidParameter } from '../refusals.ts'

import type { Api } from './api.ts'

const mostDefinitions = 10

/** Whether a task that has not stopped, or a deployment of a service, runs the revision. */
function isUsed({ store, clock }: Api, definition: TaskDefinition): boolean {
  const inService = [...store.services.values()].some(({ deployments }) =>
    deployments.some(({ revision }) => revision.taskDefinition === definition),
  )
  const runs = store.runs(clock.now())
  const byTask = runs.some(
    ({ task }) => task.definition === definition && task.lastStatus !== 'STOPPED',
  )
  return inService || byTask
}

/** Forgets the revision as soon as nothing uses it; its number is never given again. */
function forgetLater(api: Api, definition: TaskDefinition): void {
  api.clock.schedule(api.pace.deletionTakesMs, () => {
    if (isUsed(api, definition)) forgetLater(api, definition)
    else api.store.forgetTaskDefinition(definition)
  })
}

function refusalOf(reference: string, definition: TaskDefinition | undefined): string | undefined {
  if (!nameOf(reference).includes(':')) {
    return 'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.'
  }
  if (definition === undefined) {
    return 'The specified task definition does not exist. Specify a valid account, family, revision and try again.'
  }
  if (definition.status !== 'ACTIVE') return undefined
  return 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.'
}

function remove(api: Api, input: JsonObject): JsonObject {
  const asked = stringsMember(input, 'taskDefinitions') ?? []
  if (asked.length === 0 || asked.length > mostDefinitions) {
    throw invalidParameter(`taskDefinitions must have between 1 and ${mostDefinitions} elements.`)
  }
  const taskDefinitions: JsonObject[] = []
  const failures: JsonObject[] = []
  for (const reference of asked) {
    const definition = api.store.taskDefinition(reference)
    const reason = refusalOf(reference, definition)
    if (definition === undefined || reason !== undefined) {
      failures.push({ arn: definition?.arn ?? reference, reason: reason ?? '' })
      continue
    }
    if (definition.status === 'INACTIVE') {
      definition.status = 'DELETE_IN_PROGRESS'
      definition.json['deleteRequestedAt'] = epochSeconds(api.clock.now())
      forgetLater(api, definition)
    }
    taskDefinitions.push({ ...definition.json, status: definition.status })
  }
  return { taskDefinitions, failures }
}

export function deleteTaskDefinitionOperations(api: Api): Record<string, Operation> {
  return { DeleteTaskDefinitions: (input) => remove(api, input) }
}
