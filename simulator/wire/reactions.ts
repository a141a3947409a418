import type { Answer } from './answer.ts'
import type { Dispatch, Subject } from './dispatch.ts'
import { isObject, parseJson } from './json.ts'
import type { JsonObject } from './service.ts'

/** A call that was performed, and what its caller is about to be told. */
export interface PerformedCall extends Subject {
  /** The answer's JSON object; empty for any other answer. */
  readonly output: JsonObject
}

interface Reaction {
  readonly isDue: (call: PerformedCall) => boolean
  readonly work: () => Promise<unknown>
}

/**
 * What somebody else does in the very moment in which a call has been performed: after it and
 * before anything the caller does about it, however long either takes.
 */
export class Reactions {
  #waiting: readonly Reaction[] = []

  /**
   * Has `work` done once, at the first performed call for which `isDue` is true; the answer leaves
   * when it is done. What `work` throws becomes the failure of that call.
   */
  once(isDue: (call: PerformedCall) => boolean, work: () => Promise<unknown>): void {
    this.#waiting = [...this.#waiting, { isDue, work }]
  }

  /** The innermost layer of the dispatch: calls that are never performed have no reaction. */
  readonly layer: Dispatch = async (subject, perform) => {
    const answer = await perform()
    if (this.#waiting.length === 0) return answer
    const call = { ...subject, output: outputOf(answer) }
    const due = this.#waiting.filter(({ isDue }) => isDue(call))
    this.#waiting = this.#waiting.filter((reaction) => !due.includes(reaction))
    for (const { work } of due) await work()
    return answer
  }
}

function outputOf({ status, headers, body }: Answer): JsonObject {
  const isJson = headers['content-type']?.startsWith('application/x-amz-json') === true
  if (status !== 200 || !isJson || typeof body !== 'string') return {}
  const json = parseJson(body)
  return isObject(json) ? json : {}
}
