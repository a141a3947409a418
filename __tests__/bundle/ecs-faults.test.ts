import { beforeAll, describe, expect, it } from '@jest/globals'

import type { Fault } from '../../simulator/faults/fault.ts'
import { annotated, expectRed } from '../support/run-end.ts'
import { faultKinds } from '../support/fault-kinds.ts'
import { FaultWorld, inTwoLanes, type DeployRun, type FaultRun } from '../support/fault-world.ts'
import { isFailure } from '../../src/core/outcome.ts'
import { calls, ecsFaults, type FaultRow } from './ecs-fault-table.ts'

/** The default of `wait-for-minutes`, and the longest that one call may take behind it. */
const deadlineMs = 30 * 60_000
const slackMs = 3 * 60_000
/** More than any run makes. */
const mostCalls = 1_000
const allMs = 240_000

describe('the bundle, when a call of ECS goes wrong', () => {
  let clean: readonly string[]
  let released: readonly string[]
  let runs: ReadonlyMap<FaultRow, DeployRun>

  beforeAll(async () => {
    const world = await FaultWorld.create()
    try {
      clean = operations(await world.deploy([]))
      released = operations(await world.release())
    } finally {
      await world.close()
    }
    const looksBefore = clean.slice(0, clean.indexOf('UpdateService')).filter(isLook).length
    runs = await inTwoLanes(ecsFaults, (lane, row) => lane.deploy([faultOf(row, looksBefore)]))
  }, allMs)

  it('calls nothing that the table does not know, in a deploy and in a release', () => {
    const known = [...new Set(Object.values(calls).map(({ operation }) => operation))].sort()
    expect([...new Set(clean)].sort()).toEqual(known)
    expect([...new Set(released)].sort()).toEqual(known)
  })

  it.each(ecsFaults.map((row) => ({ row, title: titleOf(row) })))('$title', ({ row }) => {
    const run = runs.get(row)
    if (run === undefined) throw new Error('the run did not end')
    expectTruth(run)
    expectEnd(run, row)
  })
})

/** What holds whatever went wrong. */
function expectTruth({ main, calls: made, ...run }: DeployRun): void {
  expect(made.filter(({ fault }) => fault !== undefined)).not.toEqual([])
  const updates = made.filter(({ operation }) => operation === 'UpdateService')
  const arrived = updates.filter(({ errorCode }) => errorCode !== 'ThrottlingException')
  expect(arrived.length).toBeLessThanOrEqual(1)
  expect(run.deploymentsBegun).toBeLessThanOrEqual(1)
  if (main.outputs['verified'] === 'true') expect(run.runsImage).toBe(true)
  expect(main.signalled).toBeUndefined()
  expect(run.virtualMs).toBeLessThan(deadlineMs + slackMs)
}

function expectEnd({ main, deploymentsBegun }: DeployRun, { end }: FaultRow): void {
  const { outcome, code, verified, begun, warns } = end
  expect(main.outputs).toMatchObject({ outcome, verified: String(verified) })
  expect(deploymentsBegun).toBe(begun)
  if (isFailure(outcome)) {
    expectRed(main, outcome, code ?? 'unexpected')
  } else {
    expect(main.exitCode).toBe(0)
    const warnings = warns === undefined ? [] : [expect.stringContaining(warns)]
    expect(annotated(main, 'warning')).toEqual(warnings)
  }
}

function operations({ calls: made }: FaultRun): readonly string[] {
  return made.filter(({ service }) => service === 'ecs').map(({ operation }) => operation)
}

const isLook = (operation: string): boolean => operation === 'DescribeServices'

/** @param looksBefore How often the service is looked at before the wait begins. */
function faultOf({ call, kind, lasting }: FaultRow, looksBefore: number): Fault {
  const { operation, use } = calls[call]
  const first = use === 'look' ? looksBefore + 1 : 1
  const nth = lasting ? Array.from({ length: mostCalls }, (_, index) => first + index) : first
  return { ...faultKinds[kind].fault, call: `ecs:${operation}`, nth }
}

function titleOf({ call, kind, lasting, end: { outcome, code } }: FaultRow): string {
  const end = code === undefined ? outcome : `${outcome} (${code})`
  return `${call}: ${kind}${lasting ? ' that lasts' : ''}: ${end}`
}
