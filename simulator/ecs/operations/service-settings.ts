import { isDeepStrictEqual } from 'node:util'

import { objectMember, objectsMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import {
  defaultDeploymentConfiguration,
  mergeDeploymentConfiguration,
} from '../engine/deployment-configuration.ts'
import { revisionMembers } from '../model/service-revision.ts'
import type { TaskDefinition } from '../model/task-definition.ts'

/** Members of the two calls that are not settings, or are kept apart from them. */
const notSettings: ReadonlySet<string> = new Set([
  'cluster',
  'service',
  'serviceName',
  'taskDefinition',
  'desiredCount',
  'clientToken',
  'tags',
  'role',
  'forceNewDeployment',
  'deploymentConfiguration',
])

/** What a call says of the settings: null means untouched, as absence does. */
function asked(input: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => !notSettings.has(name) && value !== null),
  )
}

/** The settings of a new service, ECS's defaults filled in. */
export function createdSettings(input: JsonObject, definition: TaskDefinition): JsonObject {
  const role = stringMember(input, 'role')
  const fargate = stringMember(input, 'launchType') === 'FARGATE'
  const balanced = (objectsMember(input, 'loadBalancers') ?? []).length > 0
  return {
    ...('capacityProviderStrategy' in input ? {} : { launchType: 'EC2' }),
    ...(fargate && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
    ...(balanced && { healthCheckGracePeriodSeconds: 0 }),
    ...(role !== undefined && { roleArn: role }),
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    propagateTags: 'NONE',
    availabilityZoneRebalancing: 'ENABLED',
    ...asked(input),
    taskDefinition: definition.arn,
    deploymentConfiguration: mergeDeploymentConfiguration(
      defaultDeploymentConfiguration,
      objectMember(input, 'deploymentConfiguration') ?? {},
    ),
  }
}

/** The live settings with what UpdateService says laid over them. */
export function updatedSettings(
  live: JsonObject,
  input: JsonObject,
  definition: TaskDefinition,
): JsonObject {
  return {
    ...live,
    ...asked(input),
    taskDefinition: definition.arn,
    deploymentConfiguration: mergeDeploymentConfiguration(
      objectMember(live, 'deploymentConfiguration') ?? defaultDeploymentConfiguration,
      objectMember(input, 'deploymentConfiguration') ?? {},
    ),
  }
}

/** Whether going from one to the other needs a new revision, and so a deployment. */
export function needsDeployment(from: JsonObject, to: JsonObject): boolean {
  return revisionMembers.some((member) => !isDeepStrictEqual(from[member], to[member]))
}
