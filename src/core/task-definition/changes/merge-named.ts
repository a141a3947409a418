import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { NameChanges } from './changes.ts'

/**
 * A container with a list of named entries changed: those that are there keep their place, new ones
 * follow in the order given. A list that nothing changes is not made.
 * @param member `environment` or `secrets`.
 * @param valueMember What holds the value of an entry: `value` or `valueFrom`.
 */
export function mergeNamed(
  container: JsonObject,
  member: 'environment' | 'secrets',
  valueMember: 'value' | 'valueFrom',
  { set, removed }: NameChanges,
): JsonObject {
  const list = container[member]
  const entries: readonly Json[] = Array.isArray(list) ? list : []
  const open = new Map(set)
  const merged = entries.flatMap((entry): readonly Json[] => {
    const name = entryName(entry)
    if (name === undefined || !isJsonObject(entry)) return [entry]
    if (removed.has(name)) return []
    const value = open.get(name)
    // An entry that the list has twice is there once afterwards.
    if (value === undefined) return set.has(name) ? [] : [entry]
    open.delete(name)
    return [{ ...entry, [valueMember]: value }]
  })
  const added = [...open].map(([name, value]) => ({ name, [valueMember]: value }))
  if (added.length === 0 && entries.length === 0) return container
  return { ...container, [member]: [...merged, ...added] }
}

/** The names in a container's list of named entries. */
export function namesIn(container: JsonObject, member: 'environment' | 'secrets'): Set<string> {
  const list = container[member]
  const names = Array.isArray(list) ? list.map(entryName) : []
  return new Set(names.filter((name) => name !== undefined))
}

function entryName(entry: Json): string | undefined {
  const name = isJsonObject(entry) ? entry['name'] : undefined
  return typeof name === 'string' ? name : undefined
}
