import { numberMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'

/** A page of a list and the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextToken?: string
}

const DEFAULT_RESULTS = 100
const MOST_RESULTS = 1000

/** The page that `maxResults` and `nextToken` ask for. */
export function pageOf<T>(items: readonly T[], input: JsonObject): Page<T> {
  const size = numberMember(input, 'maxResults') ?? DEFAULT_RESULTS
  if (size < 1 || size > MOST_RESULTS) {
    throw invalidParameter('maxResults', 'Member must be between 1 and 1000')
  }
  const token = stringMember(input, 'nextToken')
  const start = token === undefined ? 0 : startOf(token)
  const end = start + size
  const page = items.slice(start, end)
  if (end >= items.length) return { items: page }
  return { items: page, nextToken: Buffer.from(`from:${String(end)}`).toString('base64') }
}

function startOf(token: string): number {
  const [, start] = /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString()) ?? []
  if (start === undefined) throw invalidParameter('nextToken', 'Invalid pagination token')
  return Number(start)
}
