import { stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import { nameOf } from '../arn.ts'
import type { TaskRun } from '../engine/task-run.ts'
import { drainMs } from '../engine/accounting.ts'
import type { Task } from '../model/task.ts'
import { pageOf } from '../page.ts'
import { invalidParameter } from '../refusals.ts'
import { taskView } from '../views/task-view.ts'

import type { Api } from './api.ts'

const mostTasks = 100

/** Whether a task is what ListTasks was asked for. */
function matcher(input: JsonObject): (task: Task) => boolean {
  const service = stringMember(input, 'serviceName')
  const family = stringMember(input, 'family')
  const startedBy = stringMember(input, 'startedBy')
  const launchType = stringMember(input, 'launchType')
  const status = stringMember(input, 'desiredStatus') ?? 'RUNNING'
  if (startedBy !== undefined && (service ?? family) !== undefined) {
    throw invalidParameter('startedBy cannot be combined with another filter.')
  }
  return (task) =>
    task.desiredStatus === status &&
    (service === undefined || task.group === `service:${nameOf(service)}`) &&
    (family === undefined || task.definition.family === family) &&
    (startedBy === undefined || task.startedBy === startedBy) &&
    (launchType === undefined || task.settings['launchType'] === launchType)
}

function clusterRuns(api: Api, input: JsonObject): TaskRun[] {
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  return api.store.runs(api.clock.now()).filter(({ task }) => task.cluster === cluster)
}

function list(api: Api, input: JsonObject): JsonObject {
  const matches = matcher(input)
  const arns = clusterRuns(api, input)
    .filter(({ task }) => matches(task))
    .map(({ task }) => task.arn)
  const { items, more } = pageOf(arns, input, { defaultSize: mostTasks })
  return { taskArns: [...items], ...more }
}

function describe(api: Api, input: JsonObject): JsonObject {
  const asked = stringsMember(input, 'tasks') ?? []
  if (asked.length === 0) throw invalidParameter('Tasks cannot be empty.')
  if (asked.length > mostTasks) throw invalidParameter('Tasks cannot have more than 100 elements.')
  const withTags = (stringsMember(input, 'include') ?? []).includes('TAGS')
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const runs = new Map(clusterRuns(api, input).map((run) => [run.task.id, run]))
  const tasks: JsonObject[] = []
  const failures: JsonObject[] = []
  for (const idOrArn of asked) {
    const id = nameOf(idOrArn)
    const run = runs.get(id)
    if (run !== undefined) tasks.push(taskView(run.task, withTags))
    else failures.push({ arn: api.arns.task(cluster.name, id), reason: 'MISSING' })
  }
  return { tasks, failures }
}

function stop(api: Api, input: JsonObject): JsonObject {
  const id = nameOf(stringMember(input, 'task') ?? '')
  const run = clusterRuns(api, input).find(({ task }) => task.id === id)
  if (run === undefined) throw invalidParameter('The referenced task was not found.')
  const service = [...api.store.services.values()].find(({ runs }) => runs.includes(run))
  run.stop({
    code: 'UserInitiated',
    reason: stringMember(input, 'reason') ?? 'Task stopped by user',
    drainMs: service === undefined ? 0 : drainMs(service, api),
  })
  return { task: taskView(run.task, false) }
}

export function taskOperations(api: Api): Record<string, Operation> {
  return {
    ListTasks: (input) => list(api, input),
    DescribeTasks: (input) => describe(api, input),
    StopTask: (input) => stop(api, input),
  }
}
