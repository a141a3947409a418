import type { Fault } from '../../simulator/faults/fault.ts'

/** What the caller of a call that went wrong is left with. */
export type Answer =
  /** The true answer, later. */
  | 'late'
  /** None, or one that AWS may give at any time: the SDK asks again where it may. */
  | 'lost'
  /** A whole message whose body makes no sense: the SDK does not ask again. */
  | 'garbled'
  /** Success, and nothing in it. */
  | 'empty'
  | 'denied'
  | 'expired'
  | 'throttled'

/** One way in which a call goes wrong. */
export interface FaultKind {
  readonly fault: Omit<Fault, 'call' | 'nth'>
  readonly answer: Answer
  /** Whether AWS did what was asked. */
  readonly performed: boolean
}

const lost = { answer: 'lost', performed: false } as const
const lostAfter = { answer: 'lost', performed: true } as const

/** Every way that the simulator knows, by the name that tests tell. */
export const faultKinds = {
  'status 500': { ...lost, fault: { status: 500 } },
  'status 503': { ...lost, fault: { status: 503 } },
  'a stall before': { ...lost, fault: { stall: 'before' } },
  'a reset before': { ...lost, fault: { reset: 'before' } },
  'a stall after': { ...lostAfter, fault: { stall: 'after' } },
  'a reset after': { ...lostAfter, fault: { reset: 'after' } },
  'a truncated body': { ...lostAfter, fault: { truncate: 'half' } },
  'a malformed body': { answer: 'garbled', performed: true, fault: { malformed: true } },
  'an empty body': { answer: 'empty', performed: true, fault: { empty: true } },
  'a delay': { answer: 'late', performed: true, fault: { latencyMs: 3_000 } },
  'access denied': {
    ...{ answer: 'denied', performed: false },
    fault: { error: 'AccessDeniedException' },
  },
  'an expired token': {
    ...{ answer: 'expired', performed: false },
    fault: { error: 'ExpiredTokenException' },
  },
  throttling: { answer: 'throttled', performed: false, fault: { throttle: true } },
} as const satisfies Record<string, FaultKind>

export type FaultName = keyof typeof faultKinds

export const faultNames = Object.keys(faultKinds) as readonly FaultName[]

/** What does not pass by itself goes wrong at every call, the rest at one. */
export function lasts({ answer }: FaultKind): boolean {
  return answer === 'denied' || answer === 'expired'
}
