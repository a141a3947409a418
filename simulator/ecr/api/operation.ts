import type { Place } from '../../iam/place.ts'
import { stringMember } from '../../wire/members.ts'
import type { Call, JsonObject, Operation } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'

/** An operation of ECR's API on the registry that it is about. */
export type EcrOperation = (
  registry: Registry,
  input: JsonObject,
  call: Call,
) => JsonObject | Promise<JsonObject>

export type EcrOperations = Readonly<Record<string, EcrOperation>>

/**
 * Has each operation performed on the registry that `registryId` names, else on the caller's own, in
 * the region that the call was signed for.
 */
export function forRegistries(
  operations: EcrOperations,
  registryAt: (place: Place) => Registry,
): Readonly<Record<string, Operation>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, perform]): [string, Operation] => [
      name,
      (input, call) => {
        const accountId = stringMember(input, 'registryId') ?? call.caller.accountId
        if (!/^\d{12}$/.test(accountId)) {
          throw invalidParameter('registryId', "must satisfy regular expression '[0-9]{12}'")
        }
        return perform(registryAt({ accountId, region: call.caller.region }), input, call)
      },
    ]),
  )
}
