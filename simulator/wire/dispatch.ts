import type { Clock } from '../clock/clock.ts'
import type { Answer } from './answer.ts'
import type { RequestLog, RequestRecord } from './request-log.ts'

/** What a request asks for, known before it is answered. */
export type Subject = Omit<RequestRecord, 'atMs' | 'status' | 'errorCode'>

/** Has a request answered by `perform`. */
export type Dispatch = (subject: Subject, perform: () => Promise<Answer>) => Promise<Answer>

/**
 * The one function that every request to a simulated service passes through: it is logged here,
 * and a fault (a refusal instead of `perform`, a delay, a spoilt answer) belongs here.
 */
export function createDispatch(clock: Clock, log: RequestLog): Dispatch {
  return async (subject, perform) => {
    const complete = log.open({ ...subject, atMs: clock.now() })
    const answer = await perform()
    complete(answer.status, answer.errorCode)
    return answer
  }
}
