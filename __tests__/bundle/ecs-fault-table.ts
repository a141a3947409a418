import type { ErrorCode } from '../../src/core/errors/codes.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import {
  faultKinds,
  faultNames,
  lasts,
  type Answer,
  type FaultKind,
  type FaultName,
} from '../support/fault-kinds.ts'

/** How a run is to end under one fault. */
export interface FaultEnd {
  readonly outcome: Outcome
  readonly code?: ErrorCode
  readonly verified: boolean
  /** Deployments that the service begins. */
  readonly begun: 0 | 1
  /** A word of the warning that tells what the run did without. */
  readonly warns?: string
}

/** What a deploy uses an operation for. */
type Use =
  /** The plan cannot be made without it. */
  | 'plan'
  | 'registration'
  | 'update'
  /** The wait's own look at the service. */
  | 'look'
  /** ECS's record of the deployment: the service alone does where it may not be read. */
  | 'record'
  /** Makes the verdict better and is not needed for it. */
  | 'extra'

/** Every operation that a deploy calls; DescribeServices is called for two purposes. */
export const calls = {
  DescribeServices: { operation: 'DescribeServices', use: 'plan' },
  'DescribeServices in the wait': { operation: 'DescribeServices', use: 'look' },
  DescribeTaskDefinition: { operation: 'DescribeTaskDefinition', use: 'plan' },
  RegisterTaskDefinition: { operation: 'RegisterTaskDefinition', use: 'registration' },
  UpdateService: { operation: 'UpdateService', use: 'update' },
  ListServiceDeployments: { operation: 'ListServiceDeployments', use: 'extra' },
  DescribeServiceDeployments: { operation: 'DescribeServiceDeployments', use: 'record' },
  DescribeServiceRevisions: { operation: 'DescribeServiceRevisions', use: 'extra' },
  ListTasks: { operation: 'ListTasks', use: 'extra' },
  DescribeTasks: { operation: 'DescribeTasks', use: 'extra' },
} as const satisfies Record<string, { readonly operation: string; readonly use: Use }>

export type Call = keyof typeof calls

const deployed: FaultEnd = { outcome: 'deployed', verified: true, begun: 1 }
const refused = (code: ErrorCode): FaultEnd => ({
  ...{ outcome: 'refused', code, verified: false, begun: 0 },
})
const failed = (code: ErrorCode): FaultEnd => ({ ...refused(code), outcome: 'failed' })
const blind: FaultEnd = { outcome: 'unknown', code: 'rollout-lost', verified: false, begun: 1 }
const late: FaultEnd = { ...blind, outcome: 'timed-out', code: 'rollout-timed-out' }
/** The service alone does, as it does without the permission. */
const withoutRecord: FaultEnd = { ...deployed, warns: 'ecs:DescribeServiceDeployments' }
/** Sent once, and nobody saw it arrive: it is not sent again. */
const updateLost: FaultEnd = { ...refused('update-lost'), outcome: 'unknown' }

/** What a fault at one call ends in; where nothing is said the run ends deployed. */
const ends: Readonly<Record<Use, Partial<Record<Answer, FaultEnd>>>> = {
  plan: {
    denied: refused('access-denied'),
    expired: refused('credentials-expired'),
  },
  registration: { denied: failed('access-denied'), expired: failed('credentials-expired') },
  update: {
    lost: updateLost,
    denied: failed('access-denied'),
    expired: failed('credentials-expired'),
  },
  look: { denied: blind, expired: blind },
  record: { expired: blind },
  extra: {},
}

/** What a fault that does not pass ends in, for those that pass by themselves elsewhere. */
const lastingEnds: Readonly<Record<Use, Partial<Record<Answer, FaultEnd>>>> = {
  plan: { lost: refused('aws-unavailable'), throttled: refused('throttled') },
  registration: { lost: failed('aws-unavailable'), throttled: failed('throttled') },
  update: { lost: updateLost, throttled: failed('throttled') },
  look: { lost: blind, throttled: late },
  record: { lost: withoutRecord, throttled: withoutRecord },
  extra: {},
}

export interface FaultRow {
  readonly call: Call
  readonly kind: FaultName
  /** At every call, else at one. */
  readonly lasting: boolean
  readonly end: FaultEnd
}

function endOf(call: Call, kind: FaultKind, lasting: boolean): FaultEnd {
  const { use, operation } = calls[call]
  // What was done is found by looking.
  if (use === 'update' && kind.performed) return deployed
  const special = lasting && !lasts(kind) ? lastingEnds : ends
  const end = special[use][kind.answer] ?? deployed
  const isMissed = end === deployed && kind.answer === 'denied'
  return isMissed ? { ...end, warns: `ecs:${operation}` } : end
}

const names = Object.keys(calls) as readonly Call[]

/** Every fault at every operation; those that may pass once more as faults that do not. */
export const ecsFaults: readonly FaultRow[] = names.flatMap((call) => [
  ...faultNames.map((kind) => row(call, kind, lasts(faultKinds[kind]))),
  ...(['status 500', 'throttling'] as const).map((kind) => row(call, kind, true)),
])

function row(call: Call, kind: FaultName, lasting: boolean): FaultRow {
  return { call, kind, lasting, end: endOf(call, faultKinds[kind], lasting) }
}
