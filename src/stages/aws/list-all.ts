import { stringAt, stringsAt, type JsonObject } from '../../core/json.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * All pages of a list of ARNs.
 * @param list One page; the input holds the token of the page before.
 * @param member The list in the answer.
 * @throws AwsFailure
 */
export async function listAll(
  list: (page: JsonObject) => Promise<JsonObject>,
  member: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const arns: string[] = []
  let page: JsonObject = {}
  for (;;) {
    const answer = await untilAborted(() => list(page), signal)
    arns.push(...stringsAt(answer, member))
    const nextToken = stringAt(answer, 'nextToken')
    if (nextToken === undefined) return arns
    page = { nextToken }
  }
}
