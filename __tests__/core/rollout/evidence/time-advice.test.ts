import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import {
  adviseOnTime,
  dominantPart,
  timingsOf,
} from '../../../../src/core/rollout/evidence/time-advice.ts'
import type { TimePart } from '../../../../src/core/rollout/evidence/time-parts.ts'
import type { TimeSpent } from '../../../../src/core/rollout/evidence/time-spent.ts'
import { at, noParts } from '../../../support/rollout-time.ts'

const spent = (totalSeconds: number, parts: Partial<Record<TimePart, number>>): TimeSpent => ({
  totalSeconds,
  parts: { ...noParts, ...parts },
  slowest: {
    ...{ provision: undefined, pull: undefined, start: undefined },
    ...{ failing: undefined, stop: undefined },
  },
  ...{ failedTasks: 0, end: 'complete', upTo: at(totalSeconds) },
})

describe('advice on time', () => {
  it.each<[string, TimeSpent, string | undefined]>([
    [
      'the deregistration delay',
      spent(412, { deregistration: 300, stop: 15 }),
      '300 s of this rollout was target-group deregistration delay: lower deregistration_delay.timeout_seconds',
    ],
    ['the pull', spent(200, { pull: 100 }), '100 s of this rollout was pulling the image'],
    ['a share just large enough', spent(150, { health: 60 }), '60 s of this rollout was waiting'],
    ['the rollback', spent(400, { rollback: 302 }), '302 s of this rollout was the rollback: '],
    [
      'tasks that failed',
      spent(100, { failing: 80 }),
      '80 s of this rollout was tasks that failed',
    ],
    ['nothing short', spent(60, { pull: 59.9 }), undefined],
    ['nothing of a small share', spent(200, { health: 79 }), undefined],
    ['no bake time, which was asked for', spent(700, { bake: 600 }), undefined],
    ['nothing of an empty rollout', spent(0, {}), undefined],
  ])('speaks of %s', (_what, time, line) => {
    const said = adviseOnTime(time, true)
    if (line === undefined) expect(said).toBeUndefined()
    else expect(said?.startsWith(line)).toBe(true)
  })

  it('names the permission that would tell, only behind a load balancer', () => {
    const time = spent(400, { stop: 315 })
    expect(adviseOnTime(time, true)).toContain('DescribeTargetGroupAttributes')
    expect(adviseOnTime(time, false)).toMatch(/SIGTERM, or lower stopTimeout/)
  })

  it('does not call checks slow that never passed', () => {
    const time = spent(300, { health: 280 })
    expect(adviseOnTime(time, true)).toContain('lower')
    const unfinished = adviseOnTime({ ...time, end: 'under-way' }, true)
    expect(unfinished).toMatch(
      /look at what the health checks get; .*healthCheckGracePeriodSeconds/,
    )
  })

  it('is about a part only if none took longer, and then from a minute and two fifths on', () => {
    const part = fc.integer({ min: 0, max: 500 })
    fc.assert(
      fc.property(part, part, part, (pull, stop, other) => {
        const total = pull + stop + other
        const found = dominantPart(spent(total, { pull, stop, other }))
        const most = Math.max(pull, stop, other)
        expect(found !== undefined).toBe(most >= 60 && most >= total * 0.4)
      }),
    )
  })
})

describe('the keys of timings', () => {
  it('are one per part, all of them seconds, and the whole that they add up to', () => {
    const time = spent(50, { pull: 20, other: 30 })
    expect(timingsOf(time)).toMatchObject({ 'rollout-pull': 20, 'rollout-bake': 0 })
    expect(timingsOf(time)).toHaveProperty('rollout-total', 50)
    expect(timingsOf({ ...time, end: 'cut-short' })).toHaveProperty('rollout-total', 50)
  })

  it('call no whole what goes on after the last time that AWS told', () => {
    const timings = timingsOf({ ...spent(50, { pull: 50 }), end: 'under-way' })
    expect(timings).toHaveProperty('rollout-so-far', 50)
    expect(timings).not.toHaveProperty('rollout-total')
  })
})
