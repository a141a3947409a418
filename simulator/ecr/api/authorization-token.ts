import { epochSeconds } from '../../wire/json.ts'
import { stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import type { AuthorizationTokens } from '../authorization-tokens.ts'

/** GetAuthorizationToken: one token, told for every registry that is asked for. */
export function authorizationTokenOperation(
  tokens: AuthorizationTokens,
  proxyEndpointOf: (registryId: string | undefined) => string,
): Readonly<Record<string, Operation>> {
  return {
    GetAuthorizationToken: (input, { caller }) => {
      const { password, expiresAtMs } = tokens.issue(caller.accessKeyId)
      const registryIds = stringsMember(input, 'registryIds') ?? []
      const asked = registryIds.length === 0 ? [undefined] : registryIds
      const authorizationData = asked.map((registryId): JsonObject => ({
        authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
        expiresAt: epochSeconds(expiresAtMs),
        proxyEndpoint: proxyEndpointOf(registryId),
      }))
      return { authorizationData }
    },
  }
}
