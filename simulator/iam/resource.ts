import { isObject, textOf } from '../wire/json.ts'
import type { Json, JsonObject } from '../wire/service.ts'

/** Where the ARNs of the resources live. */
export interface Place {
  readonly accountId: string
  readonly region: string
}

/** An action with the resource it is asked for, as an AccessDenied text names them. */
export interface Permission {
  readonly action: string
  readonly resource: string
}

/** The permissions that AWS asks for before it performs `operation`. */
export function permissionsFor(
  service: string,
  operation: string,
  input: JsonObject,
  place: Place,
): readonly Permission[] {
  const action = `${service}:${operation}`
  if (service === 'ecr') return [{ action, resource: repositoryResource(input, place) }]
  if (service === 'ecs') {
    const own = { action, resource: ecsResource(operation, input, place) }
    return operation === 'RegisterTaskDefinition' ? [own, ...passedRoles(input)] : [own]
  }
  return [{ action, resource: textOf(input['RoleArn']) ?? '*' }]
}

/** The ARN of a repository: `arn:aws:ecr:us-east-1:123456789012:repository/shop/api`. */
export function repositoryArn(name: string, { accountId, region }: Place): string {
  return `arn:aws:ecr:${region}:${accountId}:repository/${name}`
}

function repositoryResource(input: JsonObject, place: Place): string {
  const name = textOf(input['repositoryName']) ?? firstText(input['repositoryNames'])
  return name === undefined ? '*' : repositoryArn(name, place)
}

function ecsResource(operation: string, input: JsonObject, place: Place): string {
  const arn = (kind: string, name: string): string =>
    name.startsWith('arn:')
      ? name
      : `arn:aws:ecs:${place.region}:${place.accountId}:${kind}/${name}`
  const clusterArn = arn('cluster', textOf(input['cluster']) ?? 'default')
  const cluster = clusterArn.slice(clusterArn.lastIndexOf('/') + 1)
  const service =
    textOf(input['service']) ?? firstText(input['services']) ?? textOf(input['serviceName'])
  const definition = textOf(input['family']) ?? textOf(input['taskDefinition'])
  const task = textOf(input['task']) ?? firstText(input['tasks'])
  switch (operation) {
    case 'CreateService':
    case 'UpdateService':
    case 'DeleteService':
    case 'DescribeServices':
      return service === undefined ? '*' : arn('service', within(cluster, service))
    case 'RegisterTaskDefinition':
      return definition === undefined ? '*' : arn('task-definition', `${definition}:*`)
    case 'RunTask':
      return definition === undefined ? '*' : arn('task-definition', definition)
    case 'DescribeTasks':
    case 'StopTask':
      return task === undefined ? '*' : arn('task', within(cluster, task))
    case 'DescribeClusters':
      return arn('cluster', firstText(input['clusters']) ?? 'default')
    default:
      return textOf(input['serviceDeploymentArn']) ?? '*'
  }
}

function within(cluster: string, name: string): string {
  return name.startsWith('arn:') ? name : `${cluster}/${name}`
}

function passedRoles(input: JsonObject): readonly Permission[] {
  const roles = [textOf(input['taskRoleArn']), textOf(input['executionRoleArn'])]
  return [...new Set(roles)].flatMap((resource) =>
    resource === undefined ? [] : [{ action: 'iam:PassRole', resource }],
  )
}

function firstText(value: Json | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : undefined
  return isObject(first) ? undefined : textOf(first)
}
