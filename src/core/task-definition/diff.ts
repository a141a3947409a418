import { isJsonObject, numberAt, stringAt, type Json, type JsonObject } from '../json.ts'
import { namedLists, normaliseTaskDefinition } from './normalise.ts'
import { shownValue } from './shown-value.ts'

/** One member that differs. Values are there only where they can never be a secret. */
export interface DefinitionChange {
  /** `containerDefinitions.web.environment.LOG_LEVEL`: elements of lists by their names. */
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly from?: string
  readonly to?: string
}

type Path = readonly string[]

/**
 * What one task definition has other than another, for people. Order of named lists, defaults that
 * ECS fills in, and tags do not count: the answer is empty exactly where compareTaskDefinitions
 * finds nothing. No value of a variable, secret, command, label or option is ever in it.
 */
export function diffTaskDefinitions(
  before: JsonObject,
  after: JsonObject,
): readonly DefinitionChange[] {
  return [...diffValues(normaliseTaskDefinition(before), normaliseTaskDefinition(after), [])]
}

/** `containerDefinitions.web.cpu: 256 -> 512`; digests in the short form. */
export function describeChange({ path, kind, from, to }: DefinitionChange): string {
  if (kind === 'changed' && from !== undefined && to !== undefined) {
    return `${path}: ${shorten(from)} -> ${shorten(to)}`
  }
  const value = to ?? from
  return value === undefined ? `${path}: ${kind}` : `${path}: ${kind} (${shorten(value)})`
}

/** The form in which people read digests. */
function shorten(value: string): string {
  return value.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1')
}

function* diffValues(
  before: Json | undefined,
  after: Json | undefined,
  path: Path,
): Generator<DefinitionChange, void, undefined> {
  const objects = bothAs(isJsonObject, before, after, {})
  const lists = bothAs(isObjectList, before, after, [])
  if (objects !== undefined) {
    const [a, b] = objects
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      yield* diffValues(a[name], b[name], [...path, name])
    }
  } else if (lists?.some((list) => list.length > 0) === true) {
    yield* diffLists(...lists, path)
  } else if (!isEqual(before, after)) {
    yield changeOf(before, after, path)
  }
}

/** Both as such values, one that is not there as an empty one; undefined where one is no such value. */
function bothAs<T extends Json>(
  isSuch: (value: Json | undefined) => value is T,
  before: Json | undefined,
  after: Json | undefined,
  empty: T,
): readonly [T, T] | undefined {
  const [a = empty, b = empty] = [before, after]
  return isSuch(a) && isSuch(b) ? [a, b] : undefined
}

function isObjectList(value: Json | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isJsonObject)
}

/** Elements are held against those of their own name; a name that is there twice counts in order. */
function* diffLists(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  path: Path,
): Generator<DefinitionChange, void, undefined> {
  const member = namingMember([...before, ...after], path)
  const nameOf = (element: JsonObject, index: number) =>
    (member === undefined ? undefined : nameAt(element, member)) ?? String(index)
  for (const name of new Set([before, after].flatMap((list) => list.map(nameOf)))) {
    const isNamesake = (element: JsonObject, index: number) => nameOf(element, index) === name
    const [a, b] = [before.filter(isNamesake), after.filter(isNamesake)]
    for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
      yield* diffElements(a[i], b[i], [...path, name])
    }
  }
}

/** The member that tells all elements of a list from each other; undefined: only their places do. */
function namingMember(elements: readonly JsonObject[], path: Path): string | undefined {
  const members = namedLists.get(path.at(-1) ?? '') ?? ['name']
  return members.find((member) =>
    elements.every((element) => nameAt(element, member) !== undefined),
  )
}

function nameAt(element: JsonObject, member: string): string | undefined {
  return stringAt(element, member) ?? numberAt(element, member)?.toString()
}

/** One that came or went is one change; so is another value of a variable, an option or a secret. */
function* diffElements(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  path: Path,
): Generator<DefinitionChange, void, undefined> {
  if (before === undefined || after === undefined || isPair(before) || isPair(after)) {
    if (!isEqual(before, after)) yield changeOf(before, after, path)
  } else {
    yield* diffValues(before, after, path)
  }
}

function isPair(element: JsonObject): boolean {
  return 'value' in element || 'valueFrom' in element
}

function changeOf(before: Json | undefined, after: Json | undefined, path: Path): DefinitionChange {
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const [from, to] = [shownValue(path, before), shownValue(path, after)]
  return {
    ...{ path: path.join('.'), kind },
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
}

/** Members are in order: both are normalised. */
function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
