import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { timeParts } from '../../../../src/core/rollout/evidence/time-parts.ts'
import { spansOf, type RolloutEnd } from '../../../../src/core/rollout/evidence/time-spans.ts'
import { measureTimeSpent } from '../../../../src/core/rollout/evidence/time-spent.ts'
import {
  at,
  exited,
  noParts,
  rolloutRecord,
  timedTask,
  unstarted,
} from '../../../support/rollout-time.ts'

describe('where the time of a rollout went', () => {
  it('follows new tasks to health, then old ones to their end', () => {
    const spent = measureTimeSpent(rolloutRecord())
    expect(spent.parts).toEqual({
      ...noParts,
      ...{ provision: 10, pull: 20, start: 5, health: 40, stop: 315, other: 10 },
    })
    expect(spent).toMatchObject({ totalSeconds: 400, slowest: { pull: 20, stop: 315 } })
  })

  it('tells the deregistration delay from the rest of the stop where it is known', () => {
    const spent = measureTimeSpent(rolloutRecord({ deregistrationDelayMs: 300_000 }))
    expect(spent.parts).toMatchObject({ deregistration: 300, stop: 15 })
  })

  it('begins the stop when the scheduler said so, if stoppingAt is later', () => {
    const late = timedTask('old', { stopping: 375, ended: 390 })
    const stopsToldAt = new Map([['old', at(75)]])
    const spent = measureTimeSpent(rolloutRecord({ oldTasks: [late], stopsToldAt }))
    expect(spent.parts).toMatchObject({ health: 40, stop: 315 })
  })

  it('does not call health what may have been a wait for old tasks', () => {
    const oldTasks = [timedTask('old', { stopping: 5, ended: 390 })]
    expect(measureTimeSpent(rolloutRecord({ oldTasks })).parts).toMatchObject({
      health: 0,
      stop: 355,
    })
  })

  it('calls the wait of a first deployment health, and its bake time by name', () => {
    const spent = measureTimeSpent(rolloutRecord({ oldTasks: [], bakeMs: 120_000 }))
    expect(spent.parts).toMatchObject({ health: 245, bake: 120, other: 0 })
  })

  it('puts the bake time of a traffic shift before the old tasks stop', () => {
    const oldTasks = [timedTask('old', { stopping: 335, ended: 390 })]
    const spent = measureTimeSpent(
      rolloutRecord({ oldTasks, bakeMs: 240_000, bakesBeforeStops: true }),
    )
    expect(spent.parts).toMatchObject({ health: 60, bake: 240, stop: 55, other: 10 })
  })

  it('tells of tasks that failed on the way, and not how long they took to stop', () => {
    const failed = timedTask(
      'failed',
      { created: 0, pulling: 10, pulled: 12, started: 14, stopping: 54, ended: 90 },
      exited,
    )
    const later = timedTask('new', { created: 55, pulling: 56, pulled: 58, started: 60 })
    const spent = measureTimeSpent(rolloutRecord({ newTasks: [failed, later] }))
    expect(spent.parts).toMatchObject({ provision: 11, pull: 4, start: 4, failing: 40, health: 15 })
    expect(spent).toMatchObject({ failedTasks: 1, slowest: { failing: 40 } })
  })

  it("tells ECS's own bake time, which nobody configured, by the end of the old tasks", () => {
    const oldTasks = [timedTask('old', { stopping: 75, ended: 100 })]
    const bakes = (bakesAfterStops: number) =>
      measureTimeSpent(rolloutRecord({ oldTasks, bakesAfterStops })).parts.bake
    expect([bakes(1), bakes(2)]).toEqual([300, 0])
  })
})

const steps = fc.record(
  Object.fromEntries(
    ['created', 'pulling', 'pulled', 'started', 'stopping', 'ended'].map((name) => [
      name,
      fc.option(fc.integer({ min: -50, max: 900 }), { nil: undefined }),
    ]),
  ),
)
const ends = fc.constantFrom({}, exited, unstarted, { healthStatus: 'HEALTHY' })
const tasks = fc.array(
  fc.tuple(steps, ends).map(([each, end], index = 0) => timedTask(`t${String(index)}`, each, end)),
  { maxLength: 6 },
)
const records = fc.record({
  ...{ newTasks: tasks, oldTasks: tasks, bakesBeforeStops: fc.boolean() },
  end: fc.constantFrom<RolloutEnd>('complete', 'cut-short', 'under-way'),
  endedAt: fc.integer({ min: 0, max: 800 }).map(at),
  rollbackBeganAt: fc.option(fc.integer({ min: -10, max: 900 }).map(at), { nil: undefined }),
  deregistrationDelayMs: fc.integer({ min: 0, max: 900_000 }),
  bakeMs: fc.integer({ min: 0, max: 450_000 }),
  bakesAfterStops: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  awaitsHealth: fc.option(fc.record({ balanced: fc.boolean(), checked: fc.boolean() }), {
    nil: undefined,
  }),
})

describe('the parts of a rollout', () => {
  it('add up to the whole, with no part below nothing, whatever AWS answers', () => {
    fc.assert(
      fc.property(records, (members) => {
        const record = rolloutRecord(members)
        const spent = measureTimeSpent(record)
        const sum = timeParts.reduce((all, part) => all + spent.parts[part], 0)
        expect(sum).toBeCloseTo(spent.totalSeconds, 3)
        expect(Math.min(...Object.values(spent.parts))).toBeGreaterThanOrEqual(0)
        expect(spent.totalSeconds).toBe((+record.endedAt - +record.beganAt) / 1000)
      }),
    )
  })

  it('were going on for as long as they are given, and for no longer', () => {
    fc.assert(
      fc.property(records, (members) => {
        const record = rolloutRecord(members)
        const [fromMs, toMs] = [record.beganAt.getTime(), record.endedAt.getTime()]
        const { parts } = measureTimeSpent(record)
        const spans = spansOf(record)
        for (const part of timeParts) {
          if (part === 'other') continue
          const lengths = spans[part].map(
            (one) => Math.min(one.toMs, toMs) - Math.max(one.fromMs, fromMs),
          )
          const most = lengths.reduce((all, ms) => all + Math.max(0, ms), 0)
          expect(parts[part] * 1000).toBeLessThanOrEqual(most + 1)
        }
      }),
    )
  })

  it('begin the rollback where it began: nothing else is told after that', () => {
    fc.assert(
      fc.property(records, (members) => {
        const record = rolloutRecord(members)
        const { rollbackBeganAt = record.endedAt } = record
        const fromMs = Math.max(+record.beganAt, +rollbackBeganAt)
        const rollback = Math.max(0, +record.endedAt - fromMs)
        expect(measureTimeSpent(record).parts.rollback).toBeCloseTo(rollback / 1000, 3)
      }),
    )
  })
})
