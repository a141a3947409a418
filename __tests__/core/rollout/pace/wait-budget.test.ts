import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../../src/core/json.ts'
import {
  describeStep,
  readTrafficShift,
} from '../../../../src/core/rollout/observation/traffic-shift.ts'
import {
  describeRests,
  plannedRests,
  sumMinutes,
} from '../../../../src/core/rollout/pace/wait-budget.ts'
import type { WaitUntil } from '../../../../src/core/rollout/verdict/wait-until.ts'

const hook = (targetType: string, stage: string, minutes?: number): JsonObject => ({
  ...{ targetType, lifecycleStages: [stage] },
  ...(minutes !== undefined && { timeoutConfiguration: { timeoutInMinutes: minutes } }),
})
const deployed: WaitUntil = { kind: 'deployed' }
const shifted: WaitUntil = { kind: 'traffic-shifted' }

describe('what a deployment rests for', () => {
  it.each<[string, JsonObject, WaitUntil, 'wait' | 'continue', number]>([
    ['nothing', {}, deployed, 'wait', 0],
    ['the bake', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 20 }, deployed, 'wait', 20],
    ['no bake', { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 20 }, shifted, 'wait', 0],
    [
      'nine rests between ten steps',
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 } },
      ...([deployed, 'wait', 54] as const),
    ],
    ["AWS's defaults of LINEAR", { strategy: 'LINEAR' }, deployed, 'wait', 54],
    ["AWS's defaults of CANARY", { strategy: 'CANARY' }, shifted, 'wait', 10],
    [
      'no steps before the stage',
      { strategy: 'CANARY' },
      { kind: 'stage', stage: 'POST_SCALE_UP' },
      ...(['wait', 0] as const),
    ],
    [
      'a pause with its own time-out',
      { lifecycleHooks: [hook('PAUSE', 'POST_SCALE_UP', 60)] },
      ...([deployed, 'wait', 60] as const),
    ],
    [
      'no pause that is answered at once',
      { lifecycleHooks: [hook('PAUSE', 'POST_SCALE_UP', 60)] },
      ...([deployed, 'continue', 0] as const),
    ],
    [
      'a Lambda hook, whoever answers pauses',
      { lifecycleHooks: [hook('AWS_LAMBDA', 'POST_SCALE_UP', 60)] },
      ...([deployed, 'continue', 60] as const),
    ],
    [
      'no time-out that nobody wrote',
      { lifecycleHooks: [hook('PAUSE', 'POST_SCALE_UP'), hook('PAUSE', 'PRE_SCALE_UP', 1440)] },
      ...([deployed, 'wait', 0] as const),
    ],
    [
      'no hook at a stage after the one that is waited for',
      { lifecycleHooks: [hook('PAUSE', 'POST_SCALE_UP', 60)] },
      { kind: 'stage', stage: 'POST_SCALE_UP' },
      ...(['wait', 0] as const),
    ],
  ])('%s', (_what, configuration, until, onPause, minutes) => {
    expect(sumMinutes(plannedRests(configuration, until, onPause))).toBe(minutes)
  })

  it('is never more for less', () => {
    const configuration = fc.record({
      strategy: fc.constantFrom('ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'),
      bakeTimeInMinutes: fc.nat(1440),
      lifecycleHooks: fc.array(
        fc
          .tuple(fc.constantFrom('PAUSE', 'AWS_LAMBDA'), fc.nat(20160))
          .map(([type, minutes]) => hook(type, 'POST_TEST_TRAFFIC_SHIFT', minutes)),
      ),
    })
    fc.assert(
      fc.property(configuration, (given) => {
        const whole = sumMinutes(plannedRests(given, deployed, 'wait'))
        expect(sumMinutes(plannedRests(given, shifted, 'wait'))).toBeLessThanOrEqual(whole)
        expect(sumMinutes(plannedRests(given, deployed, 'return'))).toBeLessThanOrEqual(whole)
      }),
    )
  })

  it('is told part by part', () => {
    const rests = plannedRests({ strategy: 'CANARY', bakeTimeInMinutes: 5 }, deployed, 'wait')
    expect(describeRests(rests)).toBe('the bake time of 5 min, the steps of 10 min')
  })
})

describe('the steps of a traffic shift', () => {
  it('end with all of the traffic, each with more than the one before', () => {
    fc.assert(
      fc.property(fc.double({ min: 3, max: 100, noNaN: true }), (stepPercent) => {
        const { steps } = readTrafficShift({
          strategy: 'LINEAR',
          linearConfiguration: { stepPercent },
        })
        expect(steps.at(-1)).toBe(100)
        expect([...new Set(steps)].sort((a, b) => a - b)).toEqual(steps)
      }),
    )
  })

  it.each([
    ['LINEAR', 0, undefined],
    ['LINEAR', 30, 'step 3 of 10'],
    ['LINEAR', 100, 'step 10 of 10'],
    ['CANARY', 5, 'step 1 of 2'],
    ['BLUE_GREEN', 100, undefined],
  ])('of %s with %i %% are told as %s', (strategy, percent, told) => {
    expect(describeStep(readTrafficShift({ strategy }), percent)).toBe(told)
  })
})
