import type { JsonObject } from '../../json.ts'
import type { ContainerChanges } from './changes.ts'
import { mergeNamed, namesIn } from './merge-named.ts'

type VariableChanges = Pick<ContainerChanges, 'environment' | 'secrets'>

/**
 * A container with its environment variables and secrets changed. A name may be in one of the two
 * lists only (ECS: "The secret name must be unique and not shared with any new or existing
 * environment variables"), so one that is set in a list leaves the other.
 */
export function mergeVariables(
  container: JsonObject,
  { environment, secrets }: VariableChanges,
): JsonObject {
  const changed = mergeNamed(container, 'environment', 'value', {
    set: environment.set,
    removed: new Set([...environment.removed, ...secrets.set.keys()]),
  })
  return mergeNamed(changed, 'secrets', 'valueFrom', {
    set: secrets.set,
    removed: new Set([...secrets.removed, ...environment.set.keys()]),
  })
}

/** Which names leave one list for the other, a sentence for each; values are never in it. */
export function describeMoves(
  container: JsonObject,
  { environment, secrets }: VariableChanges,
): readonly string[] {
  const inSecrets = namesIn(container, 'secrets')
  const inEnvironment = namesIn(container, 'environment')
  const toEnvironment = [...environment.set.keys()].filter((name) => inSecrets.has(name))
  const toSecrets = [...secrets.set.keys()].filter((name) => inEnvironment.has(name))
  return [
    ...toEnvironment.map((name) => `${name}: moved from secrets to environment`),
    ...toSecrets.map((name) => `${name}: moved from environment to secrets`),
  ]
}
