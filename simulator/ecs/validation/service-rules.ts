import { isDeepStrictEqual } from 'node:util'

import { numberMember, objectMember, objectsMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { containerDefinitions, type TaskDefinition } from '../model/task-definition.ts'
import { flagMember } from '../flag-member.ts'
import { clientError, invalidParameter, notModelled } from '../refusals.ts'

const strategies: ReadonlySet<string> = new Set(['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'])

/** Refuses controllers and strategies whose rollouts the simulator does not run. */
export function checkModelled(input: JsonObject): void {
  const controller = stringMember(objectMember(input, 'deploymentController') ?? {}, 'type')
  if (controller !== undefined && controller !== 'ECS') {
    throw notModelled(`the ${controller} deployment controller`)
  }
  if (stringMember(input, 'schedulingStrategy') === 'DAEMON') {
    throw notModelled('the DAEMON scheduling strategy')
  }
  const configuration = objectMember(input, 'deploymentConfiguration') ?? {}
  const strategy = stringMember(configuration, 'strategy') ?? 'ROLLING'
  if (!strategies.has(strategy)) {
    throw invalidParameter(`Invalid deployment strategy: ${strategy}.`)
  }
}

/** Refuses a desired count that is no count. */
export function checkDesiredCount(input: JsonObject): void {
  const count = numberMember(input, 'desiredCount')
  if (count !== undefined && (!Number.isInteger(count) || count < 0)) {
    throw invalidParameter('Desired count must be a non-negative integer.')
  }
}

const strategyText =
  'When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is already using one, you must force a new deployment.'

/** Refuses another capacity provider strategy without a forced deployment (ECS-49). */
export function checkStrategyChange(live: JsonObject, input: JsonObject): void {
  const asked = objectsMember(input, 'capacityProviderStrategy')
  if (asked === undefined || flagMember(input, 'forceNewDeployment') === true) return
  const before = objectsMember(live, 'capacityProviderStrategy') ?? []
  if (!isDeepStrictEqual(asked, before)) throw invalidParameter(strategyText)
}

function checkLoadBalancer(balancer: JsonObject, definition: TaskDefinition): void {
  const name = stringMember(balancer, 'containerName') ?? ''
  const port = numberMember(balancer, 'containerPort') ?? 0
  const containers = containerDefinitions(definition.json)
  const container = containers.find((candidate) => stringMember(candidate, 'name') === name)
  if (container === undefined) {
    throw invalidParameter(`The container ${name} does not exist in the task definition.`)
  }
  const ports = objectsMember(container, 'portMappings') ?? []
  if (ports.some((mapping) => numberMember(mapping, 'containerPort') === port)) return
  throw invalidParameter(`The container ${name} did not have a container port ${port} defined.`)
}

/** Refuses a definition that cannot run with the service's (or RunTask's) settings. */
export function checkAgainstDefinition(settings: JsonObject, definition: TaskDefinition): void {
  if (definition.status !== 'ACTIVE') throw invalidParameter('TaskDefinition is inactive')
  const subnets = objectMember(settings, 'networkConfiguration')
  const awsvpc = stringMember(definition.json, 'networkMode') === 'awsvpc'
  if (awsvpc && subnets === undefined) {
    throw invalidParameter(
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    )
  }
  const compatibilities = definition.json['compatibilities']
  if (
    stringMember(settings, 'launchType') === 'FARGATE' &&
    Array.isArray(compatibilities) &&
    !compatibilities.includes('FARGATE')
  ) {
    throw invalidParameter('Task definition does not support launch_type FARGATE.')
  }
  for (const balancer of objectsMember(settings, 'loadBalancers') ?? []) {
    checkLoadBalancer(balancer, definition)
  }
}

/** The definition that `found` is, or the refusal of one that does not exist. */
export function existing(found: TaskDefinition | undefined): TaskDefinition {
  if (found === undefined) throw clientError('TaskDefinition not found.')
  return found
}
