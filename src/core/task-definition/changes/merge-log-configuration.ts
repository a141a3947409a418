import { objectAt, stringAt, type JsonObject } from '../../json.ts'
import type { ContainerChanges } from './changes.ts'

/**
 * A container with its log configuration changed. While the driver stays, options merge; another
 * driver starts with the given options only, for options and secret options of one driver mean
 * nothing to another.
 */
export function mergeLogConfiguration(
  container: JsonObject,
  { logDriver, logOptions }: Pick<ContainerChanges, 'logDriver' | 'logOptions'>,
): JsonObject {
  if (logDriver === undefined && logOptions.size === 0) return container
  const current = objectAt(container, 'logConfiguration')
  const given = Object.fromEntries(logOptions)
  if (logDriver !== undefined && logDriver !== stringAt(current, 'logDriver')) {
    const options = logOptions.size > 0 ? { options: given } : {}
    return { ...container, logConfiguration: { logDriver, ...options } }
  }
  if (logOptions.size === 0) return container
  const options = { ...objectAt(current, 'options'), ...given }
  return { ...container, logConfiguration: { ...current, options } }
}
