import { objectAt, objectsAt, stringAt, stringsAt, type Json } from '../../json.ts'
import { isJsonObject } from '../../json.ts'
import type { RunTaskPlan } from '../service/run-task-plan.ts'
import type { TaskDescription } from './plan-description.ts'

/** A one-off task without the values of what it overrides. @param alone Whether mode is run. */
export function describeTask(task: RunTaskPlan, alone: boolean): TaskDescription {
  const { request, container } = task
  const launchType = stringAt(request, 'launchType')
  const network = objectAt(objectAt(request, 'networkConfiguration'), 'awsvpcConfiguration')
  return {
    when: alone ? 'alone' : task.when === 'after' ? 'after' : 'before',
    cluster: task.cluster,
    ...(launchType !== undefined && { launchType }),
    capacityProviders: objectsAt(request, 'capacityProviderStrategy').flatMap(
      (item) => stringAt(item, 'capacityProvider') ?? [],
    ),
    subnets: stringsAt(network, 'subnets'),
    securityGroups: stringsAt(network, 'securityGroups'),
    overrides: objectsAt(objectAt(request, 'overrides'), 'containerOverrides').flatMap(
      (override) => {
        const name = stringAt(override, 'name') ?? ''
        const members = Object.entries(override).filter(([member]) => member !== 'name')
        return members.flatMap(([member, value]) => pathsIn(`${name}.${member}`, value))
      },
    ),
    ...(container !== undefined && { container }),
    deadlineSeconds: task.waitMs / 1000,
  }
}

/** Variables by their names; everything else as a whole. */
function pathsIn(path: string, value: Json | undefined): readonly string[] {
  const names = (Array.isArray(value) ? value : []).map((each: Json) =>
    isJsonObject(each) ? stringAt(each, 'name') : undefined,
  )
  const named = names.filter((name) => name !== undefined)
  return named.length === 0 || named.length < names.length
    ? [path]
    : named.map((name) => `${path}.${name}`)
}
