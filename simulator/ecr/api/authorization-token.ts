import type { Place } from '../../iam/place.ts'
import { epochSeconds } from '../../wire/json.ts'
import { stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import type { AuthorizationTokens } from '../authorization-tokens.ts'

/** GetAuthorizationToken: one token, told for every registry that is asked for. */
export function authorizationTokenOperation(
  tokens: AuthorizationTokens,
  proxyEndpointOf: (place: Place) => string,
): Readonly<Record<string, Operation>> {
  return {
    GetAuthorizationToken: (input, { caller }) => {
      const { password, expiresAtMs } = tokens.issue(caller.accessKeyId)
      const registryIds = stringsMember(input, 'registryIds') ?? []
      const { accountId: own, region } = caller
      const asked = registryIds.length === 0 ? [own] : registryIds
      const authorizationData = asked.map((accountId): JsonObject => ({
        authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
        expiresAt: epochSeconds(expiresAtMs),
        proxyEndpoint: proxyEndpointOf({ accountId, region }),
      }))
      return { authorizationData }
    },
  }
}
