import { beforeAll, describe, expect, it } from '@jest/globals'

import type { ErrorCode } from '../../src/core/errors/codes.ts'
import type { Failure } from '../../src/core/outcome.ts'
import {
  faultKinds,
  faultNames,
  lasts,
  type Answer,
  type FaultName,
} from '../support/fault-kinds.ts'
import { inTwoLanes, type PushRun } from '../support/fault-world.ts'
import { expectRed } from '../support/run-end.ts'

type End = readonly [outcome: Failure, code: ErrorCode]

/** What does not pass by itself. */
const red = (outcome: Failure): Partial<Record<Answer, End>> => ({
  denied: [outcome, 'access-denied'],
  expired: [outcome, 'credentials-expired'],
})

/** What a fault at one call ends in; nothing said: pushed. */
const ends: Readonly<Record<string, Partial<Record<Answer, End>>>> = {
  GetAuthorizationToken: { ...red('refused'), empty: ['refused', 'aws-unavailable'] },
  DescribeRepositories: { ...red('refused'), empty: ['refused', 'aws-unavailable'] },
  // Nothing found is nothing to reuse: the image is built.
  BatchGetImage: red('refused'),
  // Not sent again for an answer that makes no sense.
  PutImage: { ...red('failed'), garbled: ['failed', 'aws-unavailable'] },
}

interface EcrRow {
  readonly operation: string
  readonly kind: FaultName
  readonly end: End | undefined
}

const rows: readonly EcrRow[] = Object.keys(ends).flatMap((operation) =>
  faultNames.map((kind) => ({ operation, kind, end: ends[operation]?.[faultKinds[kind].answer] })),
)

describe('the bundle, when a call of ECR goes wrong while it publishes', () => {
  let runs: ReadonlyMap<EcrRow, PushRun>
  beforeAll(async () => {
    runs = await inTwoLanes(rows, (world, { operation, kind }) => {
      const { fault } = faultKinds[kind]
      const nth = lasts(faultKinds[kind]) ? {} : { nth: 1 }
      return world.push([{ ...fault, ...nth, call: `ecr:${operation}` }])
    })
  }, 240_000)

  it.each(rows.map((row) => ({ row, title: titleOf(row) })))('$title', ({ row }) => {
    const run = runs.get(row)
    if (run === undefined) throw new Error('the run did not end')
    const { main, calls, tags } = run
    expect(calls.filter(({ fault }) => fault !== undefined)).not.toEqual([])
    expect(main.signalled).toBeUndefined()
    if (row.end !== undefined) {
      expectRed(main, ...row.end)
      return
    }
    expect(main.outputs['outcome']).toBe('pushed')
    expect([...new Set(tags.values())]).toEqual([main.outputs['digest']])
    expect([...tags.keys()]).toEqual(['moving', expect.stringMatching(/^sha-[0-9a-f]{40}$/)])
  })
})

function titleOf({ operation, kind, end }: EcrRow): string {
  return `${operation}: ${kind}: ${end === undefined ? 'pushed' : `${end[0]} (${end[1]})`}`
}
