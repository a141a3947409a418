import { textOf } from '../wire/json.ts'
import type { JsonObject } from '../wire/service.ts'
import { ecrPermissions } from './permissions/ecr.ts'
import { ecrPublicPermissions } from './permissions/ecr-public.ts'
import { ecsPermissions } from './permissions/ecs.ts'
import { elbv2Permissions } from './permissions/elbv2.ts'
import { logsPermissions } from './permissions/logs.ts'
import type { Permission } from './permissions/permission.ts'
import type { Place } from './place.ts'

/**
 * The permissions that AWS asks for before it performs `operation`.
 * @param place Where the caller asks: its account and the region it speaks to.
 */
export function permissionsFor(
  service: string,
  operation: string,
  input: JsonObject,
  place: Place,
): readonly Permission[] {
  switch (service) {
    case 'ecr':
      return ecrPermissions(operation, input, place)
    case 'ecr-public':
      return ecrPublicPermissions(operation, input, place.accountId)
    case 'ecs':
      return ecsPermissions(operation, input, place)
    case 'elasticloadbalancing':
      return elbv2Permissions(operation)
    case 'iam':
      return [{ action: `iam:${operation}`, resource: roleArn(input, place) }]
    case 'logs':
      return logsPermissions(operation, input, place)
    default:
      return [{ action: `${service}:${operation}`, resource: textOf(input['RoleArn']) ?? '*' }]
  }
}

/** IAM's operations name a role without its path; policies that name one see it so. */
function roleArn(input: JsonObject, { accountId }: Place): string {
  return `arn:aws:iam::${accountId}:role/${textOf(input['RoleName']) ?? '*'}`
}
