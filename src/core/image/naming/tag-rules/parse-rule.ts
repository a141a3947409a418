import { parseAttributes } from './attributes.ts'
import { compilePattern } from './pattern.ts'
import type { TagRule, TagSource, TemplateText } from './tag-rule.ts'
import { TagRuleError } from './tag-rule-error.ts'
import { compileRunTemplate } from './template.ts'
import { compileVersionTemplate } from './version-template.ts'

type Attributes = ReadonlyMap<string, string>

interface RuleType {
  readonly priority: number
  /** Besides those that every rule has. */
  readonly attributes: readonly string[]
  readonly source: (attributes: Attributes) => TagSource
}

const everyRuleHas = ['type', 'enable', 'priority', 'prefix', 'suffix']

const types: Readonly<Record<string, RuleType>> = {
  schedule: { priority: 1000, attributes: ['pattern'], source: scheduleOf },
  semver: {
    priority: 900,
    attributes: ['pattern', 'value', 'match'],
    source: (attributes) => versionOf('semver', attributes),
  },
  pep440: {
    priority: 900,
    attributes: ['pattern', 'value', 'match'],
    source: (attributes) => versionOf('pep440', attributes),
  },
  match: { priority: 800, attributes: ['pattern', 'group', 'value'], source: matchOf },
  edge: { priority: 700, attributes: ['branch'], source: edgeOf },
  ref: { priority: 600, attributes: ['event'], source: refOf },
  raw: { priority: 200, attributes: ['value'], source: rawOf },
  sha: { priority: 100, attributes: ['format'], source: shaOf },
}

/**
 * Reads one line of `tags`: types, attributes, defaults and priorities of docker/metadata-action.
 * @throws TagRuleError
 */
export function parseTagRule(line: string): TagRule {
  const attributes = new Map(parseAttributes(line).map(({ key, value }) => [key, value]))
  const name = attributes.get('type') ?? 'raw'
  const type = Object.hasOwn(types, name) ? types[name] : undefined
  if (type === undefined) {
    const known = Object.keys(types).join(', ')
    throw new TagRuleError(`is of type ${name}; there are ${known}`)
  }
  const allowed = [...everyRuleHas, ...type.attributes]
  for (const key of attributes.keys()) {
    if (!allowed.includes(key)) {
      throw new TagRuleError(`has the attribute "${key}"; type ${name} has ${allowed.join(', ')}`)
    }
  }
  const source = type.source(attributes)
  return {
    text: line,
    source,
    priority: priorityOf(attributes) ?? type.priority,
    enable: template(attributes.get('enable') ?? 'true'),
    prefix: optional(attributes.get('prefix') ?? ownPrefix(source)),
    suffix: optional(attributes.get('suffix')),
  }
}

function priorityOf(attributes: Attributes): number | undefined {
  const text = attributes.get('priority')
  if (text === undefined) return undefined
  if (!/^-?\d{1,6}$/.test(text)) throw new TagRuleError(`has the priority "${text}"`)
  return Number(text)
}

function ownPrefix(source: TagSource): string | undefined {
  if (source.type === 'sha') return 'sha-'
  return source.type === 'ref' && source.event === 'pr' ? 'pr-' : undefined
}

/** The text, of which every expression is known. @throws TagRuleError */
function template(text: string): TemplateText {
  compileRunTemplate(text)
  return text
}

function optional(text: string | undefined): TemplateText | undefined {
  return text === undefined ? undefined : template(text)
}

function required(attributes: Attributes, key: string): string {
  const value = attributes.get(key) ?? ''
  if (value === '') throw new TagRuleError(`lacks the attribute "${key}"`)
  return value
}

function oneOf<T extends string>(key: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value)
  if (choice !== undefined) return choice
  throw new TagRuleError(`has ${key}=${value}; ${key} is one of ${choices.join(', ')}`)
}

function scheduleOf(attributes: Attributes): TagSource {
  return {
    type: 'schedule',
    pattern: template(attributes.get('pattern') || 'nightly'),
  }
}

function versionOf(type: 'semver' | 'pep440', attributes: Attributes): TagSource {
  const pattern = required(attributes, 'pattern')
  compileVersionTemplate(pattern)
  const match = attributes.get('match')
  if (match !== undefined) compilePattern(match)
  return { type, pattern, value: optional(attributes.get('value')), match }
}

function matchOf(attributes: Attributes): TagSource {
  const group = attributes.get('group') ?? '0'
  if (!/^\d$/.test(group)) throw new TagRuleError(`has the group "${group}", which is no digit`)
  const pattern = required(attributes, 'pattern')
  compilePattern(pattern)
  return {
    type: 'match',
    pattern,
    group: Number(group),
    value: optional(attributes.get('value')),
  }
}

function edgeOf(attributes: Attributes): TagSource {
  return { type: 'edge', branch: optional(attributes.get('branch') || undefined) }
}

function refOf(attributes: Attributes): TagSource {
  const event = oneOf('event', required(attributes, 'event'), ['branch', 'tag', 'pr'])
  return { type: 'ref', event }
}

function rawOf(attributes: Attributes): TagSource {
  return { type: 'raw', value: template(required(attributes, 'value')) }
}

function shaOf(attributes: Attributes): TagSource {
  const format = oneOf('format', attributes.get('format') ?? 'short', ['short', 'long'])
  return { type: 'sha', format }
}
