import { isObject, textOf } from '../../wire/json.ts'
import type { Json, JsonObject } from '../../wire/service.ts'
import type { Permission } from './permission.ts'

/** `iam:PassRole` on every role that `input` hands over to ECS or to its tasks. */
export function passedRoles(operation: string, input: JsonObject): readonly Permission[] {
  switch (operation) {
    case 'RegisterTaskDefinition':
      return passed(input, 'ecs-tasks.amazonaws.com')
    case 'RunTask':
    case 'StartTask':
      return [
        ...passed(objectOf(input['overrides']), 'ecs-tasks.amazonaws.com'),
        ...passedForVolumes(input),
      ]
    case 'CreateService':
    case 'UpdateService':
      return [...passTo('ecs.amazonaws.com', [input['role']]), ...passedForVolumes(input)]
    default:
      return []
  }
}

function passed(holder: JsonObject, service: string): readonly Permission[] {
  return passTo(service, [holder['taskRoleArn'], holder['executionRoleArn']])
}

function passedForVolumes(input: JsonObject): readonly Permission[] {
  const volumes = Array.isArray(input['volumeConfigurations']) ? input['volumeConfigurations'] : []
  const roles = volumes.map((volume) => objectOf(objectOf(volume)['managedEBSVolume'])['roleArn'])
  return passTo('ecs.amazonaws.com', roles)
}

function passTo(service: string, roles: readonly (Json | undefined)[]): readonly Permission[] {
  const arns = new Set(roles.flatMap((role) => textOf(role) ?? []))
  const context = { 'iam:PassedToService': service }
  return [...arns].map((resource) => ({ action: 'iam:PassRole', resource, context }))
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}
