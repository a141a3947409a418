import { epochSeconds, present } from '../../wire/json.ts'
import { numberMember, stringMember } from '../../wire/members.ts'
import type { Json, JsonObject } from '../../wire/service.ts'
import { type Task, type TaskContainer, taskHealth } from '../model/task.ts'
import { addressOf } from '../task-address.ts'

const seconds = (epochMs: number | undefined): number | undefined =>
  epochMs === undefined ? undefined : epochSeconds(epochMs)

function usesAwsvpc(task: Task): boolean {
  return stringMember(task.definition.json, 'networkMode') === 'awsvpc'
}

function containerView(
  task: Task,
  container: TaskContainer,
  address: string | undefined,
): JsonObject {
  return present({
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    imageDigest: container.imageDigest,
    runtimeId: container.runtimeId,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode,
    reason: container.reason,
    networkBindings: [],
    networkInterfaces:
      address === undefined
        ? []
        : [{ attachmentId: task.attachmentId, privateIpv4Address: address }],
    healthStatus: container.healthStatus,
    cpu: String(numberMember(container.definition, 'cpu') ?? 0),
  })
}

function attachments(task: Task, address: string | undefined): Json[] {
  if (!usesAwsvpc(task)) return []
  const stopped = task.lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED'
  return [
    {
      id: task.attachmentId,
      type: 'ElasticNetworkInterface',
      status: address === undefined ? 'PRECREATED' : stopped,
      details: address === undefined ? [] : [{ name: 'privateIPv4Address', value: address }],
    },
  ]
}

/** A task as DescribeTasks answers it. */
export function taskView(task: Task, withTags: boolean): JsonObject {
  const { json } = task.definition
  const address = usesAwsvpc(task) ? addressOf(task) : undefined
  return present({
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    taskDefinitionArn: task.definition.arn,
    group: task.group,
    startedBy: task.startedBy,
    availabilityZone: task.availabilityZone,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: taskHealth(task),
    version: task.version,
    connectivity: 'CONNECTED',
    createdAt: epochSeconds(task.createdAtMs),
    pullStartedAt: seconds(task.pullStartedAtMs),
    pullStoppedAt: seconds(task.pullStoppedAtMs),
    startedAt: seconds(task.startedAtMs),
    stoppingAt: seconds(task.stoppingAtMs),
    executionStoppedAt: seconds(task.executionStoppedAtMs),
    stoppedAt: seconds(task.stoppedAtMs),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    launchType: task.settings['launchType'],
    capacityProviderName: task.settings['capacityProviderName'],
    platformVersion: task.settings['platformVersion'],
    cpu: json['cpu'],
    memory: json['memory'],
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...task.overrides },
    attachments: attachments(task, address),
    containers: task.containers.map((container) => containerView(task, container, address)),
    tags: withTags ? task.tags : [],
  })
}
