import { csvFields } from '../buildx/csv-fields.ts'
import type { JsonObject } from '../json.ts'
import { entriesAt, fieldOf } from './definition.ts'

/** Whether anything is attested of the image of a target. */
export function attestsTarget(members: JsonObject): boolean {
  return entriesAt(members, 'attest').some((entry) => fieldOf(entry, 'disabled') !== 'true')
}

/** The caches that a target itself writes, as values of `--cache-to`. */
export function cachesWrittenBy(members: JsonObject): readonly string[] {
  return entriesAt(members, 'cache-to').map((entry) =>
    csvFields(entry.map(([key, value]) => (key === '' ? value : `${key}=${value}`))),
  )
}
