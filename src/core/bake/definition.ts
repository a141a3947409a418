import { ActionError } from '../errors/action-error.ts'
import { attributesOf, type Attributes } from '../inputs/build/elements.ts'
import {
  isJsonObject,
  objectAt,
  parseJsonObject,
  stringsAt,
  type Json,
  type JsonObject,
} from '../json.ts'

/** A target of bake, with everything that files, variables and `--set` say of it. */
export interface BakeTarget {
  readonly name: string
  /** As buildx prints it. */
  readonly members: JsonObject
  /** Whether it was asked for; else another target is built upon it, and it goes nowhere. */
  readonly wanted: boolean
}

/**
 * Reads the answer of `docker buildx bake --print`: inheritance, matrices, variables and functions
 * are worked out in it. What was asked for is the group `default`, whatever it was asked by
 * (measured with buildx 0.13.1).
 * @throws ActionError `bake-unreadable`
 */
export function parseBakeDefinition(text: string): readonly BakeTarget[] {
  const definition = parseJsonObject(text)
  if (definition === undefined) throw unreadable('it is no JSON object')
  const groups = objectAt(definition, 'group')
  const targets = objectAt(definition, 'target')
  const wanted = expand('default', groups)
  const read = Object.entries(targets).flatMap(([name, members]) =>
    isJsonObject(members) ? [{ name, members, wanted: wanted.has(name) }] : [],
  )
  if (read.some((target) => target.wanted)) return read
  throw unreadable('it names no target that is to be built')
}

/** The names behind a group's; groups may hold groups, and in a hostile file themselves. */
function expand(name: string, groups: JsonObject, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const member of stringsAt(objectAt(groups, name), 'targets')) expand(member, groups, seen)
  return seen
}

function unreadable(why: string): ActionError {
  return new ActionError(
    'bake-unreadable',
    `the answer of \`docker buildx bake --print\` cannot be read: ${why}`,
    'Run the command of the log by hand; use buildx 0.13 or later.',
  )
}

/**
 * The entries of a list such as `output` or `secret`, each as its fields: buildx prints them as CSV
 * or, since 0.21, as objects. A field without a `=` has an empty key.
 */
export function entriesAt(members: JsonObject, name: string): readonly Attributes[] {
  return listAt(members, name).map((entry) => fieldsOf(entry) ?? [['', JSON.stringify(entry)]])
}

function fieldsOf(entry: Json): Attributes | undefined {
  if (typeof entry === 'string') {
    // A lone word is no field: `default` of ssh, a folder of output.
    return attributesOf(entry)?.map(([key, text]) => (text === '' ? ['', key] : [key, text]))
  }
  if (!isJsonObject(entry)) return undefined
  return Object.entries(entry).map(([key, value]) => [
    key.toLowerCase(),
    typeof value === 'string' ? value : JSON.stringify(value ?? null),
  ])
}

/** The list at `name` as it is printed. */
export function listAt(members: JsonObject, name: string): readonly Json[] {
  const value: unknown = members[name]
  return Array.isArray(value) ? value.filter(isJson) : []
}

/** What JSON.parse gives has no other values. */
function isJson(value: unknown): value is Json {
  return value !== undefined
}

/** The members but those of these names. */
export function without(members: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)))
}

/** The last value of a field, as buildx takes it. */
export function fieldOf(entry: Attributes, key: string): string | undefined {
  return entry.findLast(([name]) => name === key)?.[1]
}
