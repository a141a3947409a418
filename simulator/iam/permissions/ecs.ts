import { textOf } from '../../wire/json.ts'
import type { Json, JsonObject } from '../../wire/service.ts'
import type { Place } from '../place.ts'
import { passedRoles } from './passed-roles.ts'
import type { Permission } from './permission.ts'
import { tagContext } from './tags.ts'

/** The permissions of ECS's API: the operation's own, of tags it gives, of roles it passes. */
export function ecsPermissions(
  operation: string,
  input: JsonObject,
  place: Place,
): readonly Permission[] {
  const names = new Names(input, place)
  const requestTags = tagContext(input['tags'])
  const action = `ecs:${operation}`
  const resources = resourcesOf(operation, input, names)
  const own = (resources.length === 0 ? ['*'] : resources).map((resource): Permission => ({
    action,
    resource,
    context: { ...names.clusterContext(resource), ...requestTags },
  }))
  const created = names.created(operation)
  if (created === undefined || Object.keys(requestTags).length === 0) {
    return [...own, ...passedRoles(operation, input)]
  }
  const context = { ...requestTags, 'ecs:CreateAction': operation }
  const tagging = { action: 'ecs:TagResource', resource: created, context }
  return [...own, tagging, ...passedRoles(operation, input)]
}

function resourcesOf(operation: string, input: JsonObject, names: Names): readonly string[] {
  switch (operation) {
    case 'CreateService':
    case 'UpdateService':
    case 'DeleteService':
    case 'DescribeServices':
    case 'ListServiceDeployments':
      return names.inCluster('service', [
        ...[input['service'], input['serviceName']],
        ...listOf(input['services']),
      ])
    case 'DescribeServiceDeployments':
      return texts(input['serviceDeploymentArns'])
    case 'StopServiceDeployment':
    case 'ContinueServiceDeployment':
      return texts([input['serviceDeploymentArn'] ?? null])
    case 'DescribeServiceRevisions':
      return texts(input['serviceRevisionArns'])
    case 'RunTask':
    case 'StartTask':
      return names.arns('task-definition', [input['taskDefinition']])
    case 'DeleteTaskDefinitions':
      return names.arns('task-definition', listOf(input['taskDefinitions']))
    case 'DescribeTasks':
    case 'StopTask':
      return names.inCluster('task', [input['task'], ...listOf(input['tasks'])])
    case 'ListTasks':
      return names.arns('container-instance', [`${names.cluster}/*`])
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return texts([input['resourceArn'] ?? null])
    default:
      return clusterResources(operation, input, names)
  }
}

function clusterResources(operation: string, input: JsonObject, names: Names): readonly string[] {
  switch (operation) {
    case 'DescribeClusters':
      return names.arns('cluster', listOf(input['clusters'] ?? ['default']))
    case 'DeleteCluster':
    case 'UpdateCluster':
    case 'PutClusterCapacityProviders':
      return names.arns('cluster', [input['cluster']])
    default:
      return []
  }
}

/** Turns the names and ARNs of an input into ARNs. */
class Names {
  readonly cluster: string
  readonly #input: JsonObject
  readonly #prefix: string

  constructor(input: JsonObject, { accountId, region }: Place) {
    this.#input = input
    this.#prefix = `arn:aws:ecs:${region}:${accountId}`
    const cluster = textOf(input['cluster']) ?? 'default'
    this.cluster = cluster.slice(cluster.lastIndexOf('/') + 1)
  }

  arns(kind: string, names: readonly (Json | undefined)[]): readonly string[] {
    return names
      .flatMap((name) => textOf(name) ?? [])
      .map((name) => (name.startsWith('arn:') ? name : `${this.#prefix}:${kind}/${name}`))
  }

  inCluster(kind: string, names: readonly (Json | undefined)[]): readonly string[] {
    const full = names
      .flatMap((name) => textOf(name) ?? [])
      .map((name) => (name.startsWith('arn:') ? name : `${this.cluster}/${name}`))
    return this.arns(kind, full)
  }

  /** The ARN that something new will have, for operations that can tag what they make. */
  created(operation: string): string | undefined {
    const { clusterName, serviceName, family } = this.#input
    switch (operation) {
      case 'CreateCluster':
        return this.arns('cluster', [clusterName ?? 'default'])[0]
      case 'CreateService':
        return this.inCluster('service', [serviceName])[0]
      case 'RegisterTaskDefinition':
        return this.arns('task-definition', [`${textOf(family) ?? ''}:*`])[0]
      case 'RunTask':
        return this.inCluster('task', ['*'])[0]
      default:
        return undefined
    }
  }

  /** `ecs:cluster`, where operation or resource speak of one. */
  clusterContext(resource: string): Record<string, string> {
    const [, kind = '', name = ''] = /^arn:[^/]*:([a-z-]+)\/([^/]+)\/.+/.exec(resource) ?? []
    const given = this.#input['cluster'] !== undefined
    if (kind === '' && !given) return {}
    const cluster = kind === '' ? this.cluster : name
    return { 'ecs:cluster': `${this.#prefix}:cluster/${cluster}` }
  }
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function texts(value: Json | undefined): readonly string[] {
  return listOf(value).flatMap((item) => textOf(item) ?? [])
}
