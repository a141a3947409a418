import type { Clock } from '../../clock/clock.ts'
import { stringMember, objectMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Arns } from '../arn.ts'
import type { TaskDriver, TaskSpec } from '../drivers/task-driver.ts'
import type { Identifiers } from '../identifiers.ts'
import { pinnedReference } from '../image-resolution.ts'
import type { Cluster } from '../model/cluster.ts'
import type { ResolvedImage } from '../model/service-revision.ts'
import {
  containerDefinitions,
  isEssential,
  platformOf,
  type TaskDefinition,
} from '../model/task-definition.ts'
import type { Task, TaskContainer } from '../model/task.ts'
import type { Pace } from '../pace.ts'

import type { LambdaAnswers } from './lambda-answers.ts'
import { TaskRun } from './task-run.ts'

/** What every part of the engine works with. */
export interface EngineParts {
  readonly clock: Clock
  readonly arns: Arns
  readonly ids: Identifiers
  readonly pace: Pace
  readonly driver: TaskDriver
  /** The names of the CloudWatch alarms that are in the state ALARM. */
  readonly alarms: ReadonlySet<string>
  readonly lambda: LambdaAnswers
  /** The region's Availability Zones. */
  readonly zones: readonly string[]
}

/** A task that somebody wants: a service's scheduler or a caller of RunTask. */
export interface TaskRequest {
  readonly cluster: Cluster
  readonly group: string
  readonly startedBy?: string
  readonly definition: TaskDefinition
  readonly images: readonly ResolvedImage[]
  readonly settings: JsonObject
  readonly overrides: JsonObject
  readonly tags: JsonObject[]
  readonly loadBalanced: boolean
  /** The Availability Zone; the region's first when nothing is said. */
  readonly zone?: string
  readonly changed: () => void
}

function makeContainers(
  request: TaskRequest,
  taskId: string,
  { arns, ids }: EngineParts,
): TaskContainer[] {
  return containerDefinitions(request.definition.json).map((definition) => {
    const name = stringMember(definition, 'name') ?? ''
    const digest = request.images.find(({ containerName }) => containerName === name)?.digest
    return {
      arn: arns.container(request.cluster.name, taskId, ids.uuid()),
      name,
      image: stringMember(definition, 'image') ?? '',
      ...(digest !== undefined && { imageDigest: digest }),
      essential: isEssential(definition),
      checked: objectMember(definition, 'healthCheck') !== undefined,
      definition,
      log: [],
      lastStatus: 'PENDING',
      healthStatus: 'UNKNOWN',
    }
  })
}

function makeTask(request: TaskRequest, parts: EngineParts): Task {
  const id = parts.ids.hex()
  const { cluster, group, startedBy, definition, settings, overrides, tags } = request
  return {
    arn: parts.arns.task(cluster.name, id),
    id,
    cluster,
    group,
    ...(startedBy !== undefined && { startedBy }),
    definition,
    settings,
    overrides,
    tags,
    containers: makeContainers(request, id, parts),
    attachmentId: parts.ids.uuid(),
    availabilityZone: request.zone ?? parts.zones[0] ?? '',
    createdAtMs: parts.clock.now(),
    version: 1,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    target: request.loadBalanced ? 'initial' : 'unused',
  }
}

function specOf(task: Task, request: TaskRequest): TaskSpec {
  const { definition, images } = request
  return {
    taskArn: task.arn,
    taskId: task.id,
    cluster: task.cluster.name,
    group: task.group,
    ...(task.startedBy !== undefined && { startedBy: task.startedBy }),
    family: definition.family,
    revision: definition.revision,
    definition: definition.json,
    overrides: task.overrides,
    images: new Map(images.map((image) => [image.containerName, pinnedReference(image)])),
    platform: platformOf(definition.json),
  }
}

/** Makes the task and hands it to the driver. */
export function launchTask(request: TaskRequest, parts: EngineParts): TaskRun {
  const task = makeTask(request, parts)
  const run = new TaskRun(task, { ...parts, changed: request.changed })
  const unpullable = request.images.find(({ failure }) => failure !== undefined)
  run.launch(specOf(task, request), unpullable?.failure)
  return run
}
