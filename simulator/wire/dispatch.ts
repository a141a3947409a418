import type { Clock } from '../clock/clock.ts'
import type { Answer } from './answer.ts'
import type { RequestLog, RequestRecord } from './request-log.ts'

/** What a request asks for, known before it is answered. */
export type Subject = Omit<RequestRecord, 'atMs' | 'status' | 'errorCode' | 'fault'>

/** Has a request answered by `perform`. */
export type Dispatch = (subject: Subject, perform: () => Promise<Answer>) => Promise<Answer>

/**
 * The one function that every request to a simulated service passes through: it is logged here,
 * and `layers`, the first one outermost, may refuse it, hold it back or spoil its answer.
 */
export function createDispatch(
  clock: Clock,
  log: RequestLog,
  layers: readonly Dispatch[] = [],
): Dispatch {
  return async (subject, perform) => {
    const complete = log.open({ ...subject, atMs: clock.now() })
    const layered = layers.reduceRight<() => Promise<Answer>>(
      (inner, layer) => () => layer(subject, inner),
      perform,
    )
    const answer = await layered()
    const isCutOff = answer.broken === 'reset'
    complete(isCutOff ? { ...answer, status: undefined } : answer)
    return answer
  }
}
