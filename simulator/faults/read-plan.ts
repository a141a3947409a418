import { closest } from 'fastest-levenshtein'

import { Fields } from '../document/fields.ts'
import type { Path, Problem } from '../document/problem.ts'
import { matchesWildcard } from '../iam/wildcard.ts'
import type { Json } from '../wire/service.ts'
import type { Rule } from './effect.ts'
import { NAMES_OF_EFFECTS, readEffect } from './read-effect.ts'

/** The operations that calls can name, by service; of a service without a list any name is taken. */
export type KnownOperations = Readonly<Record<string, readonly string[] | undefined>>

const NAMES = [
  ...['name', 'call', 'request', 'nth', 'first', 'every', 'latencyMs'],
  ...NAMES_OF_EFFECTS,
]
const CALL = /^([a-z0-9*?]+):([A-Za-z*?]+)$/
const REQUEST = /^([A-Z]+|\*) (\/v2\/.*)$/

/** Reads a plan; whatever is wrong with it is added to `problems`. */
export function readPlan(
  plan: Json | undefined,
  path: Path,
  problems: Problem[],
  known: KnownOperations,
): readonly Rule[] {
  if (Array.isArray(plan)) {
    return plan.map((fault, index) =>
      readFault(new Fields(fault, [...path, index], problems, NAMES), known),
    )
  }
  const shown = plan === undefined ? 'nothing' : JSON.stringify(plan)
  problems.push({ path, message: `is a list of faults, not ${shown}` })
  return []
}

function readFault(fields: Fields, known: KnownOperations): Rule {
  const target = readTarget(fields, known)
  const effect = readEffect(fields)
  const { kind } = effect
  return {
    name: fields.text('name') ?? `${target.text} ${kind}`,
    matches: target.matches,
    isDue: readOccurrence(fields),
    latencyMs: fields.wholeNumber('latencyMs', 1) ?? 0,
    effect,
  }
}

function readTarget(
  fields: Fields,
  known: KnownOperations,
): { readonly text: string; readonly matches: Rule['matches'] } {
  if (fields.has('call') === fields.has('request')) {
    fields.refuse(undefined, "needs either 'call' or 'request'")
  }
  const request = fields.text('request')
  if (request !== undefined) {
    if (!REQUEST.test(request)) {
      fields.refuse('request', `is a verb and a path below /v2/, not '${request}'`)
    }
    const matches: Rule['matches'] = (_service, _operation, made) =>
      made !== undefined && matchesWildcard(request, made)
    return { text: request, matches }
  }
  const call = fields.text('call') ?? ''
  const [, service = '', operation = ''] = CALL.exec(call) ?? []
  if (fields.has('call')) checkCall(fields, call, known)
  return {
    text: call,
    matches: (madeService, madeOperation) =>
      matchesWildcard(service, madeService) && matchesWildcard(operation, madeOperation),
  }
}

/** A call that can never happen would be a fault that silently never strikes. */
function checkCall(fields: Fields, call: string, known: KnownOperations): void {
  const [, service, operation] = CALL.exec(call) ?? []
  if (service === undefined || operation === undefined) {
    fields.refuse('call', `is service:Operation, not '${call}'`)
    return
  }
  const services = Object.keys(known).filter((name) => matchesWildcard(service, name))
  if (services.length === 0) {
    const names = Object.keys(known).join(', ')
    fields.refuse('call', `names no service of the simulator (${names}): '${call}'`)
    return
  }
  const operations = services.flatMap((name) => known[name] ?? [operation])
  if (operations.some((name) => matchesWildcard(operation, name))) return
  const nearest = `${service}:${closest(operation, operations)}`
  fields.refuse('call', `matches no operation: '${call}'; did you mean '${nearest}'?`)
}

function readOccurrence(fields: Fields): Rule['isDue'] {
  const given = ['nth', 'first', 'every'].filter((name) => fields.has(name))
  if (given.length > 1) fields.refuse(undefined, `has ${given.join(' and ')}: one is enough`)
  if (Array.isArray(fields.raw('nth'))) {
    const listed = fields.list('nth')
    const fine = listed.every((nth) => Number.isSafeInteger(nth) && Number(nth) >= 1)
    if (!fine) fields.refuse('nth', 'lists whole numbers of 1 or more')
    return (occurrence) => listed.includes(occurrence)
  }
  const nth = fields.wholeNumber('nth', 1)
  const first = fields.wholeNumber('first', 1)
  const every = fields.wholeNumber('every', 1)
  if (nth !== undefined) return (occurrence) => occurrence === nth
  if (first !== undefined) return (occurrence) => occurrence <= first
  if (every !== undefined) return (occurrence) => occurrence % every === 0
  return () => true
}
