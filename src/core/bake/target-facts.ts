import { csvFields } from '../buildx/csv-fields.ts'
import { isEnabled } from '../inputs/build/attestations.ts'
import { objectAt, type JsonObject } from '../json.ts'
import { entriesAt } from './definition.ts'

/** Whether anything is attested of the image of a target. */
export function attestsTarget(members: JsonObject): boolean {
  return entriesAt(members, 'attest').some(isEnabled)
}

/** The targets of these names and all that they are built upon, by name: what one call builds. */
export function builtWith(
  names: readonly string[],
  targets: ReadonlyMap<string, JsonObject>,
): ReadonlyMap<string, JsonObject> {
  const built = new Map<string, JsonObject>()
  const add = (name: string): void => {
    const members = targets.get(name)
    if (members === undefined || built.has(name)) return
    built.set(name, members)
    for (const context of Object.values(objectAt(members, 'contexts'))) {
      if (typeof context === 'string' && context.startsWith('target:')) {
        add(context.slice('target:'.length))
      }
    }
  }
  for (const name of names) add(name)
  return built
}

/** The caches that a target itself writes, as values of `--cache-to`. */
export function cachesWrittenBy(members: JsonObject): readonly string[] {
  return entriesAt(members, 'cache-to').map((entry) =>
    csvFields(entry.map(([key, value]) => (key === '' ? value : `${key}=${value}`))),
  )
}
