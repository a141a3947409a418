import type { Clock } from '../clock/clock.ts'
import { rateExceeded } from '../throttling/rate-exceeded.ts'
import { chunksOf, type Answer } from '../wire/answer.ts'
import type { Subject } from '../wire/dispatch.ts'
import type { Exchange } from '../wire/exchange.ts'
import { awsError } from './aws-error.ts'
import type { EarlierAnswers } from './earlier-answers.ts'
import type { Effect } from './effect.ts'
import { brokenOff, paced } from './pace.ts'
import { empty, malformed, truncated } from './spoil.ts'

/** A call that a fault hits. */
export interface Struck {
  readonly subject: Subject
  readonly exchange: Exchange
  readonly clock: Clock
  readonly earlier: EarlierAnswers
  /** Has the call performed: it commits. */
  readonly perform: () => Promise<Answer>
  /** Called once the fault is sure to take effect. */
  readonly note: () => void
}

const RESET: Answer = { status: 0, headers: {}, broken: 'reset' }

/** The answer under the fault; the true one where the effect does not apply. */
export async function strike(effect: Effect, struck: Struck): Promise<Answer> {
  const { subject, earlier, perform, note } = struck
  switch (effect.kind) {
    case 'stale': {
      const answer = earlier.find(subject)
      if (answer !== undefined) note()
      return answer ?? perform()
    }
    case 'expired-login': {
      const answer = await perform()
      if (!saysExpired(answer)) return answer
      note()
      return { status: effect.status, headers: {}, errorCode: 'DENIED' }
    }
    default:
      note()
      return affect(effect, struck)
  }
}

type Unconditional = Exclude<Effect, { readonly kind: 'stale' | 'expired-login' }>

async function affect(effect: Unconditional, struck: Struck): Promise<Answer> {
  const { subject, perform } = struck
  switch (effect.kind) {
    case 'late':
      return perform()
    case 'error':
      return awsError(subject, effect)
    case 'throttle':
      return rateExceeded(subject)
    case 'status':
      await takePart(struck, effect.afterBytes)
      return bareStatus(effect.status, effect.body)
    case 'stall':
      if (effect.when === 'after') await perform()
      return goneFrom(struck)
    case 'reset':
      if (effect.when === 'after') await perform()
      await takePart(struck, effect.afterBytes)
      return RESET
    case 'truncate':
      return truncated(await perform(), effect.bytes)
    case 'malformed':
      return malformed(await perform())
    case 'empty':
      return empty(await perform())
    case 'slow':
      return slow(struck, effect.bytesPerSecond)
  }
}

function bareStatus(status: number, body = ''): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body, errorCode: String(status) }
}

/** Has the front end read a part of the request's body: it keeps what it got, and cannot commit. */
async function takePart(
  { exchange, perform }: Struck,
  afterBytes: number | undefined,
): Promise<void> {
  if (afterBytes === undefined) return
  exchange.request.body = brokenOff(exchange.request.body, afterBytes)
  await perform()
}

function goneFrom({ exchange: { gone } }: Struck): Promise<Answer> {
  return new Promise((resolve) => {
    const leave = (): void => {
      resolve(RESET)
    }
    gone.addEventListener('abort', leave, { once: true })
    if (gone.aborted) leave()
  })
}

async function slow({ exchange, clock, perform }: Struck, bytesPerSecond: number): Promise<Answer> {
  const { request, gone } = exchange
  request.body = paced(request.body, bytesPerSecond, clock, gone)
  const answer = await perform()
  if (answer.body === undefined) return answer
  const length = contentLength(answer)
  return {
    ...answer,
    headers: { ...answer.headers, ...length },
    body: paced(chunksOf(answer.body), bytesPerSecond, clock, gone),
  }
}

function contentLength({ body }: Answer): Record<string, string> {
  if (typeof body === 'string') return { 'content-length': String(Buffer.byteLength(body)) }
  return body instanceof Uint8Array ? { 'content-length': String(body.byteLength) } : {}
}

/** ECR's refusal of a password that is past its twelve hours (ECR-1). */
function saysExpired({ status, body }: Answer): boolean {
  return status === 403 && typeof body === 'string' && body.includes('token has expired')
}
