import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { normaliseTaskDefinition } from './normalise.ts'

/**
 * The members in which two task definitions differ, as paths (`containerDefinitions[app].image`);
 * none where registering one in place of the other would change nothing. Order of named lists,
 * defaults that ECS fills in, and tags do not count. Values are never in the answer.
 */
export function compareTaskDefinitions(a: JsonObject, b: JsonObject): readonly string[] {
  return [...compareValues(normaliseTaskDefinition(a), normaliseTaskDefinition(b), '')]
}

function* compareValues(
  a: Json | undefined,
  b: Json | undefined,
  path: string,
): Generator<string, void, undefined> {
  if (isJsonObject(a) && isJsonObject(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      yield* compareValues(a[name], b[name], path === '' ? name : `${path}.${name}`)
    }
  } else if (Array.isArray(a) && Array.isArray(b)) {
    yield* compareLists(a, b, path)
  } else if (a !== b) {
    yield path
  }
}

function* compareLists(
  a: readonly Json[],
  b: readonly Json[],
  path: string,
): Generator<string, void, undefined> {
  const named = [...a, ...b].every((element) => nameOf(element) !== undefined)
  if (!named) {
    for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
      yield* compareValues(a[i], b[i], `${path}[${i}]`)
    }
    return
  }
  for (const name of new Set([...a, ...b].map(nameOf))) {
    const [left, right] = [a, b].map((list) => list.filter((element) => nameOf(element) === name))
    yield* compareOfOneName(left ?? [], right ?? [], `${path}[${name ?? ''}]`)
  }
}

/** A name should be there once; where a list has it twice, their order counts. */
function* compareOfOneName(
  a: readonly Json[],
  b: readonly Json[],
  path: string,
): Generator<string, void, undefined> {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) yield* compareValues(a[i], b[i], path)
}

function nameOf(element: Json): string | undefined {
  const name = isJsonObject(element) ? element['name'] : undefined
  return typeof name === 'string' ? name : undefined
}
