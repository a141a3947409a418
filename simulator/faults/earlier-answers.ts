import type { Answer } from '../wire/answer.ts'
import type { Subject } from '../wire/dispatch.ts'

/** The last true answer to each call, for stale reads. */
export class EarlierAnswers {
  readonly #answers = new Map<string, Answer>()

  /** Keeps an answer that succeeded; a body that streams is not kept. */
  keep(subject: Subject, answer: Answer): void {
    if (answer.status >= 400 || isStream(answer.body)) return
    this.#answers.set(keyOf(subject), answer)
  }

  find(subject: Subject): Answer | undefined {
    return this.#answers.get(keyOf(subject))
  }
}

function isStream(body: Answer['body']): boolean {
  return typeof body === 'object' && !(body instanceof Uint8Array)
}

function keyOf({ caller, service, operation, input }: Subject): string {
  return JSON.stringify([caller ?? '', service, operation, input])
}
