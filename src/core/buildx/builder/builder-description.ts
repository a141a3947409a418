import { parsePlatform, type Platform } from '../../image/platform.ts'

/** One machine of a builder. */
export interface NodeDescription {
  readonly name: string
  /** A Docker context or an address; empty where buildx tells none. */
  readonly endpoint: string
  readonly platforms: readonly Platform[]
}

/** A builder as `docker buildx inspect` tells it. */
export interface BuilderDescription {
  readonly driver: string
  readonly nodes: readonly NodeDescription[]
  /** Of all its nodes. */
  readonly platforms: readonly Platform[]
  /** What the builder and its nodes complain about. */
  readonly errors: readonly string[]
}

type Field = readonly [name: string, value: string]

/** Reads the answer of `docker buildx inspect`: `Name: value` lines, first the builder's, then its nodes'. */
export function parseBuilder(text: string): BuilderDescription {
  const fields = text.split('\n').flatMap(parseField)
  const start = fields.findIndex(([name]) => name === 'Nodes')
  const nodes = start < 0 ? [] : splitNodes(fields.slice(start + 1)).map(describeNode)
  return {
    driver: first(fields, 'Driver'),
    nodes,
    platforms: [...new Set(nodes.flatMap(({ platforms }) => platforms))],
    errors: fields.flatMap(([name, value]) => (name === 'Error' ? [value] : [])),
  }
}

/** Lines that are indented belong to lists of labels and rules, and are no fields of ours. */
function parseField(line: string): readonly Field[] {
  const [, name, value = ''] = /^([A-Z][^:]*):\s*(.*?)\s*$/.exec(line) ?? []
  return name === undefined ? [] : [[name, value]]
}

/** A node begins at its name. */
function splitNodes(fields: readonly Field[]): readonly (readonly Field[])[] {
  const starts = fields.flatMap(([name], index) => (name === 'Name' ? [index] : []))
  return starts.map((from, index) => fields.slice(from, starts[index + 1]))
}

function describeNode(fields: readonly Field[]): NodeDescription {
  const platforms = first(fields, 'Platforms')
    .split(',')
    // A star marks platforms that were given by hand.
    .flatMap((name) => parsePlatform(name.replaceAll('*', '')) ?? [])
  return {
    name: first(fields, 'Name'),
    endpoint: first(fields, 'Endpoint'),
    platforms: [...new Set(platforms)],
  }
}

function first(fields: readonly Field[], wanted: string): string {
  return fields.find(([name]) => name === wanted)?.[1] ?? ''
}
