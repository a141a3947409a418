import { flagMember } from '../flag-member.ts'
import { stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Deployment } from '../model/deployment.ts'
import type { Service } from '../model/service.ts'

import { targetGroupOf } from './accounting.ts'
import { eventText, tell } from './service-events.ts'
import { type EngineParts, launchTask } from './task-launch.ts'
import type { TaskRun } from './task-run.ts'

/** The tags of a service's task: those it inherits, and ECS's own where they are enabled. */
function taskTags(service: Service, { revision }: Deployment): JsonObject[] {
  const from = stringMember(service.settings, 'propagateTags')
  const managed = flagMember(service.settings, 'enableECSManagedTags') === true
  return [
    ...(from === 'SERVICE' ? service.tags : []),
    ...(from === 'TASK_DEFINITION' ? revision.taskDefinition.tags : []),
    ...(managed
      ? [
          { key: 'aws:ecs:clusterName', value: service.cluster.name },
          { key: 'aws:ecs:serviceName', value: service.name },
        ]
      : []),
  ]
}

/** How many of the service's tasks each Availability Zone has. */
export function tasksByZone(service: Service, { zones }: EngineParts): Map<string, number> {
  const counts = new Map(zones.map((zone) => [zone, 0]))
  for (const { task } of service.runs) {
    if (task.desiredStatus === 'STOPPED') continue
    counts.set(task.availabilityZone, (counts.get(task.availabilityZone) ?? 0) + 1)
  }
  return counts
}

/** The zone, other than `but`, with the fewest of the service's tasks; the first of several. */
export function emptiestZone(service: Service, parts: EngineParts, but?: string): string {
  const [emptiest] = [...tasksByZone(service, parts)]
    .filter(([zone]) => zone !== but)
    .sort(([, one], [, other]) => one - other)
  return emptiest?.[0] ?? ''
}

/** Starts one task of `deployment`, in `zone` or wherever the service has fewest. */
export function startTask(
  service: Service,
  deployment: Deployment,
  parts: EngineParts,
  changed: () => void,
  zone?: string,
): TaskRun {
  const { revision } = deployment
  const request = {
    cluster: service.cluster,
    group: `service:${service.name}`,
    startedBy: deployment.id,
    definition: revision.taskDefinition,
    images: revision.images,
    settings: revision.settings,
    overrides: {},
    tags: taskTags(service, deployment),
    loadBalanced: targetGroupOf(revision.settings) !== undefined,
    zone: zone ?? emptiestZone(service, parts),
    changed,
  }
  const run = launchTask(request, parts)
  service.runs.push(run)
  service.steady = false
  return run
}

/** True while there is no place for tasks; says so in the service's events now and then. */
function isShort(
  service: Service,
  { clock, ids, pace }: EngineParts,
  changed: () => void,
): boolean {
  const { shortage } = service
  if (shortage === undefined || clock.now() >= shortage.untilMs) return false
  if (clock.now() >= shortage.tellAtMs) {
    tell(service, shortage.message, { clock, ids })
    shortage.tellAtMs = clock.now() + pace.placementRetryMs
    clock.schedule(Math.min(shortage.tellAtMs, shortage.untilMs) - clock.now(), changed)
  }
  return true
}

/** Starts `count` tasks of `deployment`, unless there is no place for them. */
export function startTasks(
  service: Service,
  deployment: Deployment,
  count: number,
  parts: EngineParts,
  changed: () => void,
): void {
  if (count === 0 || isShort(service, parts, changed)) return
  const runs = Array.from({ length: count }, () => startTask(service, deployment, parts, changed))
  const replacing = Math.min(service.unhealthyToReplace, count)
  service.unhealthyToReplace -= replacing
  const tasks = runs.map(({ task }) => task)
  tell(service, eventText.started(tasks, replacing), parts)
}
