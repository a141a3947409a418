import { InputErrors, type InputProblem } from '../errors/action-error.ts'
import type { RunTaskInputs } from '../inputs/deploy/run-task.ts'
import { objectAt, objectsAt, stringAt, stringsAt, type JsonObject } from '../json.ts'

/** What a task can take from a service, and what it is made of. */
export interface TaskBasis {
  /** As DescribeServices gave it; empty for a task without a service. */
  readonly service: JsonObject
  /** Undefined: not said. */
  readonly enableECSManagedTags?: boolean | undefined
  /** As it is registered, or will be. */
  readonly definition: JsonObject
  /** For messages: `revision web:12`, `file task-definition.json`. */
  readonly origin: string
}

/**
 * The input of RunTask, but for cluster, revision and token. What was given wins over what the
 * service has; nothing else is sent.
 * @throws InputErrors where the network mode needs subnets that nobody gave, or has no use for them.
 */
export function taskRequest(inputs: RunTaskInputs, basis: TaskBasis): JsonObject {
  const { containerOverrides, startedBy, tags, volume } = inputs
  const { enableECSManagedTags } = basis
  return {
    count: 1,
    ...launchMembers(inputs, basis),
    ...networkMembers(inputs, basis),
    ...(startedBy !== '' && { startedBy }),
    ...(containerOverrides.length > 0 && { overrides: { containerOverrides } }),
    ...(tags.length > 0 && { tags }),
    ...(enableECSManagedTags !== undefined && { enableECSManagedTags }),
    ...(volume !== undefined && {
      volumeConfigurations: [{ name: volume.name, managedEBSVolume: volume.configuration }],
    }),
  }
}

/** A launch type or a capacity provider strategy, never both: ECS refuses that. */
function launchMembers(inputs: RunTaskInputs, { service, definition }: TaskBasis): JsonObject {
  const { launchType, capacityProviderStrategy } = inputs
  const platformVersion = stringAt(service, 'platformVersion')
  const version = platformVersion !== undefined && { platformVersion }
  if (launchType !== undefined) {
    return { launchType, ...(launchType === 'FARGATE' && version) }
  }
  if (capacityProviderStrategy !== undefined) return { capacityProviderStrategy }
  const inherited = objectsAt(service, 'capacityProviderStrategy')
  if (inherited.length > 0) return { capacityProviderStrategy: inherited, ...version }
  const own = stringAt(service, 'launchType')
  if (own !== undefined) return { launchType: own, ...version }
  // Without a service: Fargate where the definition asks for it, else the cluster's own default.
  const onFargate = stringsAt(definition, 'requiresCompatibilities').includes('FARGATE')
  return onFargate ? { launchType: 'FARGATE' } : {}
}

function networkMembers(inputs: RunTaskInputs, basis: TaskBasis): JsonObject {
  const { subnets, securityGroups, assignPublicIp } = inputs
  if (stringAt(basis.definition, 'networkMode') !== 'awsvpc') {
    refuseNetwork(inputs, basis)
    return {}
  }
  const inherited = objectAt(objectAt(basis.service, 'networkConfiguration'), 'awsvpcConfiguration')
  const awsvpcConfiguration = {
    ...inherited,
    ...(subnets.length > 0 && { subnets }),
    ...(securityGroups.length > 0 && { securityGroups }),
    ...(assignPublicIp !== undefined && { assignPublicIp }),
  }
  if (stringsAt(awsvpcConfiguration, 'subnets').length === 0) {
    const message = `is missing; tasks of ${basis.origin} have the network mode awsvpc, and there is no service whose subnets they could take`
    throw new InputErrors([{ input: 'run-task-subnets', message }])
  }
  return { networkConfiguration: { awsvpcConfiguration } }
}

function refuseNetwork(
  { subnets, securityGroups, assignPublicIp }: RunTaskInputs,
  { definition, origin }: TaskBasis,
): void {
  const mode = stringAt(definition, 'networkMode') ?? 'bridge'
  const given = [
    ...(subnets.length > 0 ? ['run-task-subnets'] : []),
    ...(securityGroups.length > 0 ? ['run-task-security-groups'] : []),
    ...(assignPublicIp === undefined ? [] : ['run-task-assign-public-ip']),
  ]
  const message = `has no meaning: tasks of ${origin} have the network mode ${mode}, not awsvpc`
  const problems: readonly InputProblem[] = given.map((input) => ({ input, message }))
  if (problems.length > 0) throw new InputErrors(problems)
}
