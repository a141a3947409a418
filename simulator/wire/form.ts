import { isObject } from './json.ts'
import type { Json, JsonObject } from './service.ts'

/** A request of the AWS query protocol. */
export interface QueryCall {
  readonly action: string
  readonly version: string
  readonly input: JsonObject
}

/** Reads a form: `Tags.member.1.Key=team` becomes `{ Tags: [{ Key: 'team' }] }`. */
export function parseForm(body: string): QueryCall {
  const tree: JsonObject = {}
  let action = ''
  let version = ''
  for (const [path, value] of new URLSearchParams(body)) {
    if (path === 'Action') action = value
    else if (path === 'Version') version = value
    else place(tree, path.split('.'), value)
  }
  const input = fold(tree)
  return { action, version, input: isObject(input) ? input : {} }
}

function place(tree: JsonObject, path: readonly string[], value: string): void {
  let node = tree
  for (const part of path.slice(0, -1)) {
    const next = Object.hasOwn(node, part) ? node[part] : undefined
    if (isObject(next)) node = next
    else node = own(node, part, {})
  }
  own(node, path.at(-1) ?? '', value)
}

/** Sets a member of its own, also when its name is `__proto__`. */
function own<T extends Json>(node: JsonObject, name: string, value: T): T {
  Object.defineProperty(node, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  })
  return value
}

/** Turns `{ member: { 1: a, 2: b } }` into `[a, b]`, all the way down. */
function fold(node: Json): Json {
  if (!isObject(node)) return node
  const { member } = node
  if (isObject(member) && Object.keys(node).length === 1) {
    const numbered = Object.entries(member).sort(([a], [b]) => Number(a) - Number(b))
    return numbered.map(([, value]) => fold(value))
  }
  const result: JsonObject = {}
  for (const [name, value] of Object.entries(node)) own(result, name, fold(value))
  return result
}
