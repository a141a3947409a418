import { textOf } from '../../wire/json.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Permission } from './permission.ts'

/** The permissions of ECR Public's API; its ARNs have no region, and its token is one of STS, too. */
export function ecrPublicPermissions(
  operation: string,
  input: JsonObject,
  accountId: string,
): readonly Permission[] {
  const action = `ecr-public:${operation}`
  if (operation === 'GetAuthorizationToken') {
    const resource = '*'
    return [
      { action, resource },
      { action: 'sts:GetServiceBearerToken', resource },
    ]
  }
  const names = Array.isArray(input['repositoryNames']) ? input['repositoryNames'] : []
  const named = [input['repositoryName'], ...names].flatMap((name) => textOf(name) ?? [])
  const repositories = named.length === 0 ? ['*'] : named
  return repositories.map((name) => ({ action, resource: publicRepositoryArn(name, accountId) }))
}

export function publicRepositoryArn(name: string, accountId: string): string {
  return `arn:aws:ecr-public::${accountId}:repository/${name}`
}
