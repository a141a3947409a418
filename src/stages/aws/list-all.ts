import { stringAt, type JsonObject } from '../../core/json.ts'
import { emptyAnswer } from './empty-answer.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * All pages of a list of ECS.
 * @param list One page; the input holds the token of the page before.
 * @param read What a page holds.
 * @throws AwsFailure, also where a page leads back to one before it; or the signal's reason.
 */
export async function listAll<T>(
  list: (page: JsonObject) => Promise<JsonObject>,
  read: (answer: JsonObject) => readonly T[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const found: T[] = []
  const tokens = new Set<string>()
  let page: JsonObject = {}
  for (;;) {
    const answer = await untilAborted(() => list(page), signal)
    found.push(...read(answer))
    const nextToken = stringAt(answer, 'nextToken')
    if (nextToken === undefined) return found
    if (tokens.has(nextToken)) throw emptyAnswer('a list', 'its pages lead back to one before')
    tokens.add(nextToken)
    page = { nextToken }
  }
}
