import { objectAt, type JsonObject } from '../../json.ts'
import type { NameChanges } from './changes.ts'

/** A container with its docker labels changed; labels that are not named stay. */
export function mergeDockerLabels(
  container: JsonObject,
  { set, removed }: NameChanges,
): JsonObject {
  const labels = Object.entries(objectAt(container, 'dockerLabels'))
  const kept = labels.filter(([name]) => !removed.has(name))
  if (set.size === 0 && kept.length === labels.length) return container
  return { ...container, dockerLabels: Object.fromEntries([...kept, ...set]) }
}
