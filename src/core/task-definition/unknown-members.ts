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

/** The members of each level, which is spelt `containerDefinitions[].environment[]`; the root is empty. */
export type KnownMembers = ReadonlyMap<string, readonly string[]>

/** Finds every member of a task definition that is not known at its level. */
export function findUnknownMembers(definition: JsonObject): readonly UnknownMember[] {
  const members = Object.entries(definition).filter(([name]) => !responseOnlyMembers.has(name))
  return findStrangers(Object.fromEntries(members), knownMembers)
}

/** Finds what `known` does not know; what is within an unknown member is not told. */
export function findStrangers(
  value: Json | undefined,
  known: KnownMembers,
): readonly UnknownMember[] {
  return walk(value, { level: '', path: '' }, known)
}

/** One sentence about all unknown members, or undefined where all are known. */
export function describeUnknownMembers(definition: JsonObject): string | undefined {
  return describeStrangers(findUnknownMembers(definition))
}

/** A clause about them, or undefined where there are none. */
export function describeStrangers(unknown: readonly UnknownMember[]): string | undefined {
  if (unknown.length === 0) return undefined
  const named = unknown.map(({ path, nearest }) =>
    nearest === undefined ? path : `${path} (did you mean ${nearest}?)`,
  )
  return `has members that are not known and are sent as they are: ${named.join(', ')}`
}

/** Where the walk is: as {@link KnownMembers} spells it, and with the indexes of lists. */
interface Place {
  readonly level: string
  readonly path: string
}

function walk(
  value: Json | undefined,
  { level, path }: Place,
  knownMembersOf: KnownMembers,
): readonly UnknownMember[] {
  if (Array.isArray(value)) {
    return value.flatMap((each: Json, i) =>
      walk(each, { level: `${level}[]`, path: `${path}[${i}]` }, knownMembersOf),
    )
  }
  const known = knownMembersOf.get(level)
  if (!isJsonObject(value) || known === undefined) return []
  const join = (parent: string, name: string) => (parent === '' ? name : `${parent}.${name}`)
  return Object.entries(value).flatMap(([name, member]) =>
    known.includes(name)
      ? walk(member, { level: join(level, name), path: join(path, name) }, knownMembersOf)
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
