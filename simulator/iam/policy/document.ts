import { isObject, parseJson, textOf } from '../../wire/json.ts'
import type { Json, JsonObject } from '../../wire/service.ts'
import { readConditions, type Condition } from './condition.ts'
import { MalformedPolicy } from './malformed-policy.ts'

/** `Action`, `Resource` or their `Not…` opposite. */
export interface Patterns {
  readonly patterns: readonly string[]
  /** Whether everything but the patterns is meant. */
  readonly negated: boolean
}

/** One statement, read. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: Patterns
  readonly resources: Patterns
  /** Of a resource's policy: who is meant; `*` is everybody. */
  readonly principals?: Patterns
  readonly conditions: readonly Condition[]
}

/** An IAM policy document, read. */
export interface Policy {
  readonly statements: readonly Statement[]
}

/** To what a policy is attached: an identity's names resources, a resource's names principals. */
export type PolicyKind = 'identity' | 'resource'

const STATEMENT_MEMBERS = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource'],
  ...['Principal', 'NotPrincipal', 'Condition'],
])

/**
 * Reads a policy document of IAM's JSON.
 * @throws MalformedPolicy for what IAM refuses, and for what this evaluator does not know: a
 * condition is never quietly passed over.
 */
export function readPolicy(document: Json | undefined, kind: PolicyKind = 'identity'): Policy {
  if (!isObject(document)) throw new MalformedPolicy('Syntax errors in policy.')
  const version = textOf(document['Version']) ?? '2008-10-17'
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw new MalformedPolicy('Syntax errors in policy.')
  }
  const given = document['Statement']
  const statements = Array.isArray(given) ? given : [given]
  return { statements: statements.map((statement) => readStatement(statement, kind)) }
}

/** As {@link readPolicy}, of a document's text. */
export function parsePolicy(text: string, kind: PolicyKind = 'identity'): Policy {
  try {
    return readPolicy(parseJson(text), kind)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new MalformedPolicy('This policy contains invalid Json')
  }
}

/** The policy that allows exactly `actions`, on everything. */
export function allowing(actions: readonly string[]): Policy {
  const everything = { patterns: ['*'], negated: false }
  const allow = { patterns: actions, negated: false }
  return {
    statements: [{ effect: 'Allow', actions: allow, resources: everything, conditions: [] }],
  }
}

function readStatement(statement: Json | undefined, kind: PolicyKind): Statement {
  if (!isObject(statement)) throw new MalformedPolicy('Syntax errors in policy.')
  const unknown = Object.keys(statement).find((name) => !STATEMENT_MEMBERS.has(name))
  if (unknown !== undefined) throw new MalformedPolicy('Syntax errors in policy.')
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') throw new MalformedPolicy('Syntax errors in policy.')
  const actions = readPatterns(statement, 'Action')
  if (actions === undefined) throw new MalformedPolicy('Policy statement must contain actions.')
  const principals = readPrincipals(statement, kind)
  return {
    effect,
    actions,
    resources: readResources(statement, kind),
    ...(principals !== undefined && { principals }),
    conditions: readConditions(statement['Condition']),
  }
}

/** A resource's own policy need not name the resource. */
function readResources(statement: JsonObject, kind: PolicyKind): Patterns {
  const resources = readPatterns(statement, 'Resource')
  if (resources !== undefined) return resources
  if (kind === 'resource') return { patterns: ['*'], negated: false }
  throw new MalformedPolicy('Policy statement must contain resources.')
}

function readPrincipals(statement: JsonObject, kind: PolicyKind): Patterns | undefined {
  const negated = statement['NotPrincipal'] !== undefined
  const principal = statement[negated ? 'NotPrincipal' : 'Principal']
  if (kind === 'identity') {
    if (principal === undefined) return undefined
    throw new MalformedPolicy('Policy document should not specify a principal.')
  }
  if (principal === '*') return { patterns: ['*'], negated }
  if (!isObject(principal)) throw new MalformedPolicy('Missing required field Principal')
  return { patterns: Object.values(principal).flatMap(texts), negated }
}

function readPatterns(statement: JsonObject, name: 'Action' | 'Resource'): Patterns | undefined {
  const negated = statement[`Not${name}`] !== undefined
  const value = statement[negated ? `Not${name}` : name]
  if (value === undefined) return undefined
  return { patterns: texts(value), negated }
}

function texts(value: Json): readonly string[] {
  const items = Array.isArray(value) ? value : [value]
  return items.map((item) => {
    if (typeof item !== 'string') throw new MalformedPolicy('Syntax errors in policy.')
    if (item.includes('${')) throw new MalformedPolicy(`policy variables are not known: '${item}'`)
    return item
  })
}
