import { closest, distance } from 'fastest-levenshtein'

import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { knownMembers } from './known-members.ts'
import { responseOnlyMembers } from './render.ts'

/** A member that ECS may not know: `containerDefinitions[0].enviroment`. */
export interface UnknownMember {
  readonly path: string
  /** The known member of the same level that is spelt most alike, where one is near. */
  readonly nearest: string | undefined
}

/** Further off than this many letters, a name is no slip of another. */
const slipDistance = 3

/** Finds every member that is not known at its level; what is within an unknown one is not told. */
export function findUnknownMembers(definition: JsonObject): readonly UnknownMember[] {
  const members = Object.entries(definition).filter(([name]) => !responseOnlyMembers.has(name))
  return walk(Object.fromEntries(members), '', '')
}

/** One sentence about all of them, or undefined where all members are known. */
export function describeUnknownMembers(definition: JsonObject): string | undefined {
  const unknown = findUnknownMembers(definition)
  if (unknown.length === 0) return undefined
  const named = unknown.map(({ path, nearest }) =>
    nearest === undefined ? path : `${path} (did you mean ${nearest}?)`,
  )
  return `has members that are not known and are sent as they are: ${named.join(', ')}`
}

/** @param level As {@link knownMembers} spells it. @param path With the indexes of lists. */
function walk(value: Json | undefined, level: string, path: string): readonly UnknownMember[] {
  if (Array.isArray(value)) {
    return value.flatMap((each: Json, i) => walk(each, `${level}[]`, `${path}[${i}]`))
  }
  const known = knownMembers.get(level)
  if (!isJsonObject(value) || known === undefined) return []
  const join = (parent: string, name: string) => (parent === '' ? name : `${parent}.${name}`)
  return Object.entries(value).flatMap(([name, member]) =>
    known.includes(name)
      ? walk(member, join(level, name), join(path, name))
      : [{ path: join(path, name), nearest: nearestTo(name, known) }],
  )
}

function nearestTo(name: string, known: readonly string[]): string | undefined {
  // `Environment` is as near to `environment` as can be.
  const byLetters = new Map(known.map((each) => [each.toLowerCase(), each]))
  const letters = name.toLowerCase()
  const nearest = closest(letters, [...byLetters.keys()])
  const near = distance(letters, nearest) <= Math.min(slipDistance, name.length / 2)
  return near ? byLetters.get(nearest) : undefined
}
