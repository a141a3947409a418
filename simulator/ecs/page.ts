import { numberMember, stringMember } from '../wire/members.ts'
import type { JsonObject } from '../wire/service.ts'

import { invalidParameter } from './refusals.ts'

/** One page of a list: `maxResults` from `nextToken` on, and the token of the next page. */
export function pageOf<Item>(
  items: readonly Item[],
  input: JsonObject,
  defaultSize: number,
): { readonly items: readonly Item[]; readonly more: JsonObject } {
  const token = stringMember(input, 'nextToken')
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter('Invalid token.')
  const size = numberMember(input, 'maxResults') ?? defaultSize
  if (size < 1 || size > 100) throw invalidParameter('maxResults must be between 1 and 100.')
  const end = start + size
  const more =
    end < items.length ? { nextToken: Buffer.from(String(end)).toString('base64url') } : {}
  return { items: items.slice(start, end), more }
}
