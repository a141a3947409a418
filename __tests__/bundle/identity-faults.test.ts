import { beforeAll, describe, expect, it } from '@jest/globals'

import type { ErrorCode } from '../../src/core/errors/codes.ts'
import { expectRed } from '../support/run-end.ts'
import {
  faultKinds,
  faultNames,
  lasts,
  type Answer,
  type FaultKind,
  type FaultName,
} from '../support/fault-kinds.ts'
import { inTwoLanes, type DeployRun } from '../support/fault-world.ts'

/** What a fault that lasts ends in, and how often is asked then; nothing said: deployed. */
type Ends = Partial<Record<Answer, readonly [code: ErrorCode, asked: number]>>

const ends: Readonly<Record<'AssumeRoleWithWebIdentity' | 'GetCallerIdentity', Ends>> = {
  AssumeRoleWithWebIdentity: {
    lost: ['aws-unavailable', 4],
    garbled: ['aws-unavailable', 4],
    empty: ['aws-unavailable', 4],
    throttled: ['throttled', 4],
    // A token of its own for each attempt: what has expired is not shown twice.
    expired: ['web-identity-expired', 2],
    denied: ['role-not-assumable', 1],
  },
  GetCallerIdentity: {
    lost: ['aws-unavailable', 3],
    garbled: ['aws-unavailable', 3],
    empty: ['aws-unavailable', 1],
    throttled: ['throttled', 3],
    expired: ['credentials-expired', 1],
    denied: ['access-denied', 1],
  },
}

type Operation = keyof typeof ends

interface IdentityRow {
  readonly operation: Operation
  readonly kind: FaultName
  readonly end: readonly [code: ErrorCode, asked: number] | undefined
}

const operations: readonly Operation[] = ['AssumeRoleWithWebIdentity', 'GetCallerIdentity']
const rows: readonly IdentityRow[] = operations.flatMap((operation) =>
  faultNames.map((kind) => ({ operation, kind, end: ends[operation][faultKinds[kind].answer] })),
)

/** The longest that a fault may take which does not pass by waiting. */
const promptMs = 5_000
/** Four attempts that each wait for an answer as long as they may, and the pauses between them. */
const patientMs = 100_000

describe('the bundle, when a call of its identity goes wrong for good', () => {
  let runs: ReadonlyMap<IdentityRow, DeployRun>
  beforeAll(async () => {
    runs = await inTwoLanes(rows, (world, { operation, kind }) =>
      world.deploy([{ ...stsFault(faultKinds[kind]), call: `sts:${operation}` }]),
    )
  }, 180_000)

  it.each(rows.map((row) => ({ row, title: titleOf(row) })))('$title', ({ row }) => {
    const run = runs.get(row)
    if (run === undefined) throw new Error('the run did not end')
    const { main, calls, virtualMs } = run
    const asked = calls.filter(({ operation }) => operation === row.operation)
    if (row.end === undefined) {
      expect(main.outputs).toMatchObject({ outcome: 'deployed', verified: 'true' })
      return
    }
    const [code, count] = row.end
    expectRed(main, 'refused', code)
    expect(asked).toHaveLength(count)
    expect(calls.filter(({ service }) => service !== 'sts' && service !== 'oidc')).toEqual([])
    const isPermanent = lasts(faultKinds[row.kind])
    expect(virtualMs).toBeLessThan(isPermanent ? promptMs : patientMs)
    if (isPermanent) expect(main.durationMs).toBeLessThan(promptMs)
  })
})

/** STS's own codes. */
function stsFault({ answer, fault }: FaultKind): FaultKind['fault'] {
  if (answer === 'denied') return { error: 'AccessDenied' }
  return answer === 'expired' ? { error: 'ExpiredTokenException' } : fault
}

function titleOf({ operation, kind, end }: IdentityRow): string {
  return `${operation}: ${kind}: ${end === undefined ? 'deployed' : `refused (${end[0]})`}`
}
