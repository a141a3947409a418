import { closest } from 'fastest-levenshtein'
import { parseDocument } from 'yaml'

import { parsePlatform, type Platform } from '../../image/platform.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import type { OwnBuilder } from './builder.ts'
import type { InputReader } from '../reader.ts'

/** A further machine of a builder, as `append` of docker/setup-buildx-action names it. */
export interface BuilderNode {
  /** Undefined: named after the builder. */
  readonly name: string | undefined
  /** A Docker context or address; with the remote driver BuildKit's own address. */
  readonly endpoint: string
  /** What it is to build; empty: what it reports. */
  readonly platforms: readonly Platform[]
  readonly driverOptions: readonly string[]
  readonly buildkitdFlags: string | undefined
}

const members = ['name', 'endpoint', 'platforms', 'driver-opts', 'buildkitd-flags'] as const
type Member = (typeof members)[number]

/** Says what is wrong with one node. */
type Reject = (message: string) => void

/**
 * The nodes of `append`: a YAML list, checked member by member.
 * @param first What the nodes are added to.
 */
export function readBuilderNodes(
  reader: InputReader,
  first: Pick<OwnBuilder, 'driver' | 'endpoint'>,
): readonly BuilderNode[] {
  const text = reader.text('append')
  if (text === undefined) return []
  const reject: Reject = (message) => reader.reject('append', message)
  const nodes = parseList(text, reject).flatMap((item, index) => {
    const rejectNode: Reject = (message) => reject(`node ${index + 1} ${message}`)
    return readNode(item, first.driver, rejectNode) ?? []
  })
  const all = [first, ...nodes]
  rejectRepeats(
    'endpoint',
    all.flatMap(({ endpoint }) => endpoint || []),
    reject,
  )
  rejectRepeats(
    'name',
    nodes.flatMap(({ name }) => name ?? []),
    reject,
  )
  return nodes
}

function parseList(text: string, reject: Reject): readonly unknown[] {
  const document = parseDocument(text, { merge: false })
  const [broken] = [...document.errors, ...document.warnings]
  if (broken !== undefined) {
    reject(`is not YAML: ${broken.message.split('\n', 1).join('').replace(/:$/, '')}`)
    return []
  }
  const value = plainValue(document)
  const nodes: readonly unknown[] = Array.isArray(value) ? value : []
  if (nodes.length > 0) return nodes
  reject('is not a YAML list of nodes such as `- endpoint: ssh://builder`')
  return nodes
}

/** @returns undefined for what is no data, such as aliases without end. */
function plainValue(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS()
  } catch {
    return undefined
  }
}

function readNode(
  item: unknown,
  driver: OwnBuilder['driver'],
  reject: Reject,
): BuilderNode | undefined {
  if (!isJsonObject(item)) {
    reject('is not an object with an `endpoint`')
    return undefined
  }
  for (const key of Object.keys(item)) {
    if (!members.some((member) => member === key)) {
      reject(`has the unknown key "${key}"; did you mean "${closest(key, [...members])}"?`)
    }
  }
  const endpoint = textOf(item, 'endpoint', reject)
  if (endpoint === undefined) {
    reject('has no `endpoint`, such as ssh://builder or tcp://builder:1234')
  } else if (!/^[^\s-]\S*$/.test(endpoint)) reject(`has the endpoint "${endpoint}", which is none`)
  const buildkitdFlags = textOf(item, 'buildkitd-flags', reject)
  if (buildkitdFlags !== undefined && driver === 'remote') {
    reject('has `buildkitd-flags`, which have no effect with the remote driver')
  }
  return {
    name: readName(item, reject),
    endpoint: endpoint ?? '',
    platforms: readPlatforms(item, reject),
    driverOptions: textsOf(item, 'driver-opts', reject),
    buildkitdFlags,
  }
}

function readName(item: JsonObject, reject: Reject): string | undefined {
  const name = textOf(item, 'name', reject)
  if (name !== undefined && !/^[a-zA-Z][\w.-]*$/.test(name)) {
    reject(`has the name "${name}"; letters, digits, dots, dashes and underscores are allowed`)
  }
  return name
}

function readPlatforms(item: JsonObject, reject: Reject): readonly Platform[] {
  const texts = textsOf(item, 'platforms', reject).flatMap((text) => text.split(','))
  return texts.flatMap((text) => {
    const platform = parsePlatform(text)
    if (platform === undefined) {
      reject(`has the platform "${text}", which is none such as linux/arm64`)
    }
    return platform ?? []
  })
}

function textOf(item: JsonObject, member: Member, reject: Reject): string | undefined {
  const value = item[member] ?? undefined
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') return value.trim()
  reject(`has a \`${member}\` that is not a text`)
  return undefined
}

/** A list of texts, or a text with one in each line. */
function textsOf(item: JsonObject, member: Member, reject: Reject): readonly string[] {
  const value = item[member] ?? []
  const list = typeof value === 'string' ? value.split('\n') : value
  if (Array.isArray(list) && list.every((element) => typeof element === 'string')) {
    return list.map((text) => text.trim()).filter((text) => text !== '')
  }
  reject(`has \`${member}\` that are no list of texts`)
  return []
}

function rejectRepeats(what: string, values: readonly string[], reject: Reject): void {
  const repeated = values.filter((value, index) => values.indexOf(value) !== index)
  for (const value of new Set(repeated)) reject(`has the ${what} "${value}" twice`)
}
