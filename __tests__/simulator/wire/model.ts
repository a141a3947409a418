/**
 * Reads the schemas that the SDK's clients ship: arrays whose first element is their kind. A
 * structure is `[3, namespace, name, traits, members, schemas, required?]`, where the first
 * `required` members have to be there.
 */
const LIST = 1
const MAP = 2
const STRUCTURE = 3
const UNION = 4
const OPERATION = 9
const LIST_OF = 64
const MAP_OF = 128

type Time = 'number' | 'string'
type Members = ReadonlyMap<string, unknown>

/** An SDK client's module. */
export type SdkModule = Readonly<Record<string, unknown>>

/** Input and output of an operation, or undefined when the SDK does not know it. */
export function operationModel(
  sdk: SdkModule,
  name: string,
): { readonly input: unknown; readonly output: unknown } | undefined {
  const schema = sdk[`${name}$`]
  if (!Array.isArray(schema) || schema[0] !== OPERATION) return undefined
  return { input: schema[4], output: schema[5] }
}

/** Every member below `schema` by its path: `containerDefinitions[].name`; each structure once. */
export function memberPaths(schema: unknown): readonly string[] {
  const paths: string[] = []
  const walk = (node: unknown, path: string, within: readonly unknown[]): void => {
    const inner = unwrap(node)
    if (within.includes(inner)) return
    const item = itemOf(inner)
    if (item !== undefined) {
      walk(item, `${path}[]`, within)
      return
    }
    for (const [name, member] of structureOf(inner)?.members ?? new Map<string, unknown>()) {
      const memberPath = path === '' ? name : `${path}.${name}`
      paths.push(memberPath)
      walk(member, memberPath, [...within, inner])
    }
  }
  walk(schema, '', [])
  return paths.sort()
}

/**
 * Where `value` is not what `schema` says: missing and unknown members, wrong types.
 *
 * @param time How the protocol carries timestamps: JSON as numbers, query as text.
 */
export function deviations(
  schema: unknown,
  value: unknown,
  path = '',
  time: Time = 'number',
): readonly string[] {
  const node = unwrap(schema)
  const item = itemOf(node)
  if (item !== undefined) return ofItems(item, value, path, time)
  const structure = structureOf(node)
  if (structure === undefined) return ofScalar(node, value, path, time)
  if (typeof value !== 'object' || value === null) return [`${path} is not a structure`]
  const present = Object.entries(value)
  const missing = structure.required.filter((name) => !present.some(([key]) => key === name))
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...present.flatMap(([name, member]) =>
      structure.members.has(name)
        ? deviations(structure.members.get(name), member, `${path}.${name}`, time)
        : [`${path}.${name} is not in the model`],
    ),
  ]
}

function ofItems(item: unknown, value: unknown, path: string, time: Time): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path} is not a list or a map`]
  return Object.values(value).flatMap((each) => deviations(item, each, `${path}[]`, time))
}

/** Strings are 0, numbers 1, booleans 2, timestamps 4 to 7; enumerations may be any text. */
function ofScalar(node: unknown, value: unknown, path: string, time: Time): readonly string[] {
  const kind = Array.isArray(node) ? Number(node[4]) : Number(node)
  const wanted = ['string', 'number', 'boolean', undefined, time, time, time, time]
  const type = wanted[kind]
  return type === undefined || typeof value === type ? [] : [`${path} is not a ${type}`]
}

/** Schemas are referred to by functions, with traits behind them in an array. */
function unwrap(schema: unknown): unknown {
  if (typeof schema === 'function') {
    const referred: unknown = (schema as () => unknown)()
    return unwrap(referred)
  }
  if (Array.isArray(schema) && typeof schema[0] === 'function') return unwrap(schema[0])
  if (Array.isArray(schema) && schema.length === 2) return unwrap(schema[0])
  return schema
}

function itemOf(node: unknown): unknown {
  if (typeof node === 'number') {
    if (node >= MAP_OF) return node - MAP_OF
    return node >= LIST_OF ? node - LIST_OF : undefined
  }
  if (!Array.isArray(node)) return undefined
  if (node[0] === LIST) return node[4] as unknown
  return node[0] === MAP ? (node[5] as unknown) : undefined
}

function structureOf(
  node: unknown,
): { readonly members: Members; readonly required: readonly string[] } | undefined {
  if (!Array.isArray(node) || (node[0] !== STRUCTURE && node[0] !== UNION)) return undefined
  const names = node[4] as readonly string[]
  const schemas = node[5] as readonly unknown[]
  const members = new Map(names.map((name, index) => [name, schemas[index]]))
  return { members, required: names.slice(0, Number(node[6] ?? 0)) }
}
