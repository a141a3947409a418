import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { TrustPolicy } from '../../simulator/iam/trust-policy.ts'
import { objectsMember } from '../../simulator/wire/members.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'

export const root = join(import.meta.dirname, '..', '..')

/** What people are told to put in, as the simulated account and its GitHub have it. */
const filledIn = [
  ['eu-central-1', 'us-east-1'],
  ['OWNER_ID', '65'],
  ['NAME_ID', '74'],
  ['OWNER', 'octo-org'],
  ['NAME', 'octo-repo'],
] as const

/** A published text, filled in for the simulated account and its GitHub. */
export function fillIn(text: string): string {
  return filledIn.reduce((all, [said, meant]) => all.replaceAll(said, meant), text)
}

/** A document of docs/iam, filled in. */
export function published(name: string): JsonObject {
  return JSON.parse(textOf(name)) as JsonObject
}

/** A document of docs/iam that says who may assume the role, filled in. */
export function publishedTrust(name: string): TrustPolicy {
  return JSON.parse(textOf(name)) as TrustPolicy
}

function textOf(name: string): string {
  return fillIn(readFileSync(join(root, 'docs', 'iam', name), 'utf8'))
}

export function statementsOf(document: JsonObject): readonly JsonObject[] {
  return objectsMember(document, 'Statement') ?? []
}

export function actionsOf(document: JsonObject): readonly string[] {
  return statementsOf(document).flatMap(({ Action: action }) => action as string | string[])
}

/** The document without `action`. */
export function without(document: JsonObject, action: string): JsonObject {
  const kept = statementsOf(document).flatMap((statement) => {
    const actions = [statement['Action']].flat().filter((other) => other !== action)
    return actions.length === 0 ? [] : [{ ...statement, Action: actions as string[] }]
  })
  return { ...document, Statement: kept }
}

/** One document that allows what each of them does. */
export function together(...documents: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: documents.flatMap(statementsOf) }
}
