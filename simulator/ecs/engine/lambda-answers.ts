import type { JsonObject } from '../../wire/service.ts'

/** What a lifecycle hook's function returns. */
export interface LambdaAnswer {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS'
  /** Until it is invoked again after IN_PROGRESS; 30 when nothing is said. */
  readonly callBackDelaySeconds?: number
}

export interface LambdaInvocation {
  readonly functionArn: string
  readonly payload: JsonObject
}

/** The Lambda functions of lifecycle hooks, by script: one that nobody scripted succeeds. */
export class LambdaAnswers {
  readonly #answers = new Map<string, readonly LambdaAnswer[]>()
  /** Every invocation so far, oldest first. */
  readonly invocations: LambdaInvocation[] = []

  /** The function gives these answers from now on, one by one; the last one for ever. */
  follow(functionArn: string, answers: readonly LambdaAnswer[]): void {
    this.#answers.set(functionArn, answers)
  }

  invoke(functionArn: string, payload: JsonObject): LambdaAnswer {
    this.invocations.push({ functionArn, payload })
    const [answer = { hookStatus: 'SUCCEEDED' }, ...rest] = this.#answers.get(functionArn) ?? []
    if (rest.length > 0) this.#answers.set(functionArn, rest)
    return answer
  }
}
