import { textOf } from '../../wire/json.ts'
import type { JsonObject } from '../../wire/service.ts'
import { repositoryArn, type Place } from '../place.ts'
import type { Permission } from './permission.ts'
import { tagContext } from './tags.ts'

/** The permissions of ECR's API: repositories are named by ARN, registries by `*`. */
export function ecrPermissions(
  operation: string,
  input: JsonObject,
  place: Place,
): readonly Permission[] {
  const accountId = textOf(input['registryId']) ?? place.accountId
  const names = Array.isArray(input['repositoryNames']) ? input['repositoryNames'] : []
  const named = [input['repositoryName'], ...names].flatMap((name) => textOf(name) ?? [])
  const arns = named.map((name) => repositoryArn(name, { ...place, accountId }))
  const resources = [...arns, ...[input['resourceArn']].flatMap((arn) => textOf(arn) ?? [])]
  const context = tagContext(input['tags'])
  const conditions = Object.keys(context).length === 0 ? {} : { context }
  const all =
    operation === 'DescribeRepositories' ? repositoryArn('*', { ...place, accountId }) : '*'
  const own = (resources.length === 0 ? [all] : resources).map((resource) => ({
    action: `ecr:${operation}`,
    resource,
    ...conditions,
  }))
  if (operation !== 'CreateRepository' || conditions.context === undefined) return own
  return [...own, ...own.map((permission) => ({ ...permission, action: 'ecr:TagResource' }))]
}
