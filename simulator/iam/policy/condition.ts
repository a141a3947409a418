import { isObject } from '../../wire/json.ts'
import type { Json } from '../../wire/service.ts'
import { matchesWildcard } from '../wildcard.ts'
import { MalformedPolicy } from './malformed-policy.ts'

/** What condition keys say of a request; a list where a key has many values. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>

/** One key of a `Condition`, read. */
export interface Condition {
  readonly key: string
  readonly values: readonly string[]
  readonly operator: Operator
  /** `ForAnyValue:` or `ForAllValues:`; without either the key has one value. */
  readonly quantifier?: 'ForAnyValue' | 'ForAllValues'
  /** `…IfExists`: a key that is not there is no objection. */
  readonly ifExists: boolean
}

interface Operator {
  matches(pattern: string, value: string): boolean
  /** Whether the condition is met when no value matches. */
  readonly negated: boolean
  /** `Null` asks for the key itself. */
  readonly presence?: true
}

const equal = (pattern: string, value: string): boolean => pattern === value
const equalIgnoringCase = (pattern: string, value: string): boolean =>
  pattern.toLowerCase() === value.toLowerCase()

/** Operators of IAM by name, each with its negated form. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', { matches: equal, negated: false }],
  ['StringNotEquals', { matches: equal, negated: true }],
  ['StringEqualsIgnoreCase', { matches: equalIgnoringCase, negated: false }],
  ['StringNotEqualsIgnoreCase', { matches: equalIgnoringCase, negated: true }],
  ['StringLike', { matches: matchesWildcard, negated: false }],
  ['StringNotLike', { matches: matchesWildcard, negated: true }],
  ['ArnEquals', { matches: matchesArn, negated: false }],
  ['ArnLike', { matches: matchesArn, negated: false }],
  ['ArnNotEquals', { matches: matchesArn, negated: true }],
  ['ArnNotLike', { matches: matchesArn, negated: true }],
  ['Bool', { matches: equalIgnoringCase, negated: false }],
  ['Null', { matches: equal, negated: false, presence: true }],
])

const NAME = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/

/** Reads the `Condition` of a statement. */
export function readConditions(condition: Json | undefined): readonly Condition[] {
  if (condition === undefined) return []
  if (!isObject(condition)) throw new MalformedPolicy('Syntax errors in policy.')
  return Object.entries(condition).flatMap(([name, keys]) => {
    if (!isObject(keys)) throw new MalformedPolicy('Syntax errors in policy.')
    return Object.entries(keys).map(([key, values]) => readCondition(name, key, values))
  })
}

function readCondition(name: string, key: string, values: Json): Condition {
  const [, quantifier, base = '', ifExists] = NAME.exec(name) ?? []
  const operator = OPERATORS.get(base)
  if (operator === undefined) {
    const known = [...OPERATORS.keys()].join(', ')
    throw new MalformedPolicy(`condition operator '${name}' is not one of ${known}`)
  }
  const listed = Array.isArray(values) ? values : [values]
  return {
    key: key.toLowerCase(),
    values: listed.map(String),
    operator,
    ...(isQuantifier(quantifier) && { quantifier }),
    ifExists: ifExists !== undefined,
  }
}

function isQuantifier(text: string | undefined): text is 'ForAnyValue' | 'ForAllValues' {
  return text === 'ForAnyValue' || text === 'ForAllValues'
}

/** Whether a request of this context meets the condition, by IAM's rules for absent keys. */
export function isMet(
  { key, values, operator, quantifier, ifExists }: Condition,
  context: Context,
): boolean {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key)?.[1]
  const given = found === undefined ? [] : typeof found === 'string' ? [found] : found
  if (operator.presence === true) return values.includes(String(given.length === 0))
  if (given.length === 0) {
    if (quantifier !== undefined) return quantifier === 'ForAllValues' || ifExists
    return ifExists || operator.negated
  }
  const agrees = (value: string): boolean =>
    values.some((pattern) => operator.matches(pattern, value)) !== operator.negated
  return quantifier === 'ForAnyValue' ? given.some(agrees) : given.every(agrees)
}

/** The six parts of an ARN are compared one by one: a `*` does not reach over a colon. */
function matchesArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [partsOf(pattern), partsOf(arn)]
  return patterns.every((part, index) => matchesWildcard(part, parts[index] ?? ''))
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}
