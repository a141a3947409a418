import { describe, expect, it } from '@jest/globals'

import type { RolloutRecord } from '../../../../src/core/rollout/evidence/time-spans.ts'
import { measureTimeSpent } from '../../../../src/core/rollout/evidence/time-spent.ts'
import {
  at,
  exited,
  noParts,
  rolloutRecord,
  timedTask,
  unstarted,
} from '../../../support/rollout-time.ts'

const started = { created: 0, pulling: 10, pulled: 30, started: 35 }
const alone = { oldTasks: [], end: 'under-way' } as const
const lived = (fromSeconds: number) =>
  timedTask(
    `t${String(fromSeconds)}`,
    {
      ...{ created: fromSeconds, pulling: fromSeconds + 1, pulled: fromSeconds + 3 },
      ...{ started: fromSeconds + 5, stopping: fromSeconds + 45, ended: fromSeconds + 60 },
    },
    exited,
  )

describe('where the time of a rollout went that ECS did not complete', () => {
  it.each<[string, Partial<RolloutRecord>, Partial<typeof noParts>]>([
    [
      'a pull that goes on',
      { ...alone, newTasks: [timedTask('new', { created: 0, pulling: 10 })] },
      { provision: 10, pull: 390 },
    ],
    [
      'a task without capacity',
      { ...alone, newTasks: [timedTask('new', { created: 5 })] },
      { provision: 395, other: 5 },
    ],
    [
      'a start until somebody stopped it',
      {
        ...alone,
        newTasks: [timedTask('new', { created: 0, pulling: 10, pulled: 30, stopping: 90 })],
      },
      { provision: 10, pull: 20, start: 60, other: 310 },
    ],
    [
      'tasks that failed one after another',
      { ...alone, newTasks: [lived(0), lived(50), lived(100)] },
      { provision: 3, pull: 6, start: 6, failing: 120, other: 265 },
    ],
    [
      'an image that could not be pulled, which is no pull',
      {
        ...alone,
        newTasks: [
          timedTask('new', { created: 0, pulling: 10, pulled: 70, stopping: 71 }, unstarted),
        ],
      },
      { provision: 10, failing: 61, other: 329 },
    ],
    [
      'old tasks that still stop',
      { oldTasks: [timedTask('old', { stopping: 75 })], end: 'under-way' },
      { provision: 10, pull: 20, start: 5, health: 40, stop: 325 },
    ],
    [
      'the rollback, whatever tasks did in it',
      { ...alone, end: 'cut-short', newTasks: [lived(0), lived(50)], rollbackBeganAt: at(80) },
      { provision: 2, pull: 4, start: 4, failing: 65, rollback: 320, other: 5 },
    ],
    [
      'a bake that an alarm ended, from the end of the old tasks on',
      {
        ...{ end: 'cut-short', bakeMs: 600_000, bakesAfterStops: 1, rollbackBeganAt: at(300) },
        oldTasks: [timedTask('old', { stopping: 75, ended: 100 })],
      },
      { provision: 10, pull: 20, start: 5, health: 40, stop: 25, bake: 200, rollback: 100 },
    ],
    [
      'no bake where old tasks were left as the alarm came',
      {
        ...{ end: 'cut-short', bakeMs: 600_000, bakesAfterStops: 2, rollbackBeganAt: at(300) },
        oldTasks: [timedTask('old', { stopping: 75, ended: 100 })],
      },
      { provision: 10, pull: 20, start: 5, health: 40, stop: 25, rollback: 100, other: 200 },
    ],
  ])('tells of %s', (_what, members, parts) => {
    expect(measureTimeSpent(rolloutRecord(members)).parts).toEqual({ ...noParts, ...parts })
  })

  it.each<[string, RolloutRecord['awaitsHealth'], string | undefined, number]>([
    ['nobody checks', { balanced: false, checked: false }, undefined, 0],
    ['another thing holds up', undefined, undefined, 0],
    ['a container check has found well', { balanced: false, checked: true }, 'HEALTHY', 0],
    ['a container check has not found well', { balanced: false, checked: true }, 'UNKNOWN', 365],
    ['a load balancer checks, too', { balanced: true, checked: true }, 'HEALTHY', 365],
  ])('calls health what a task waited for that %s', (_what, awaitsHealth, healthStatus, health) => {
    const newTasks = [timedTask('new', started, { healthStatus })]
    const { parts } = measureTimeSpent(rolloutRecord({ ...alone, newTasks, awaitsHealth }))
    expect(parts).toMatchObject({ health, other: 365 - health })
  })
})
