import { createHash } from 'node:crypto'

import { numberMember, stringMember } from '../wire/members.ts'
import type { JsonObject } from '../wire/service.ts'

import { invalidParameter } from './refusals.ts'
import { without } from './without.ts'

interface PageRules {
  readonly defaultSize: number
  readonly largestSize?: number
}

/** What a token is good for: the same question, whatever the page's size. */
function fingerprint(input: JsonObject): string {
  const question = Object.entries(without(input, 'nextToken', 'maxResults')).sort(
    ([one], [other]) => (one < other ? -1 : 1),
  )
  return createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 16)
}

function tokenFor(start: number, input: JsonObject): string {
  return Buffer.from(`${start}.${fingerprint(input)}`).toString('base64url')
}

function startOf(token: string, input: JsonObject): number {
  const [start] = Buffer.from(token, 'base64url').toString().split('.')
  const index = Number(start)
  if (Number.isSafeInteger(index) && token === tokenFor(index, input)) return index
  throw invalidParameter('Invalid token.')
}

/**
 * One page of a list: `maxResults` from `nextToken` on, and the token of the next page. A token is
 * refused with other filters than those that it was made for.
 */
export function pageOf<Item>(
  items: readonly Item[],
  input: JsonObject,
  { defaultSize, largestSize = 100 }: PageRules,
): { readonly items: readonly Item[]; readonly more: JsonObject } {
  const token = stringMember(input, 'nextToken')
  const start = token === undefined ? 0 : startOf(token, input)
  const size = numberMember(input, 'maxResults') ?? defaultSize
  if (size < 1 || size > largestSize) {
    throw invalidParameter(`maxResults must be between 1 and ${largestSize}.`)
  }
  const end = start + size
  const more = end < items.length ? { nextToken: tokenFor(end, input) } : {}
  return { items: items.slice(start, end), more }
}
