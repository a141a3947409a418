import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { RevisionShare } from '../../../../src/core/rollout/observation/revision-share.ts'
import { isAtOrPast, stages } from '../../../../src/core/rollout/observation/stage.ts'
import {
  describeWaitUntil,
  isReached,
  parseWaitUntil,
  type WaitUntil,
} from '../../../../src/core/rollout/verdict/wait-until.ts'
import { deploymentRecord, lifecycleHook } from '../../../support/deployment-record.ts'

const share = (productionTraffic: number | undefined): RevisionShare => ({
  ...{ arn: 'revision/2', runningCount: 2, testTraffic: 0, productionTraffic },
})
const stage = fc.constantFrom(...stages)
const until: fc.Arbitrary<WaitUntil> = fc.oneof(
  fc.constant<WaitUntil>({ kind: 'deployed' }),
  fc.constant<WaitUntil>({ kind: 'traffic-shifted' }),
  stage.map((name): WaitUntil => ({ kind: 'stage', stage: name })),
)

describe('the text of wait-until', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(until, (wanted) => {
        expect(parseWaitUntil(describeWaitUntil(wanted))).toEqual(wanted)
      }),
    )
  })

  it.each(['', 'done', 'stage:', 'stage:NOWHERE', 'stage:bake_time', 'BAKE_TIME', 'deployed '])(
    'is nothing for %j',
    (text) => {
      expect(parseWaitUntil(text)).toBeUndefined()
    },
  )
})

describe('a stage that is waited for', () => {
  it('is reached exactly at it and after it', () => {
    fc.assert(
      fc.property(stage, stage, (present, wanted) => {
        const reached = isReached(
          { kind: 'stage', stage: wanted },
          deploymentRecord({ lifecycleStage: present }),
        )
        expect(reached).toBe(stages.indexOf(present) >= stages.indexOf(wanted))
      }),
    )
  })

  it('is not reached in stages that nobody knows, nor before the first', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), stage, (present, wanted) => {
        fc.pre(!stages.some((known) => known === present))
        expect(isAtOrPast(present, wanted)).toBe(false)
      }),
    )
  })

  it('is never reached on the way back, whatever the stage', () => {
    const setback = fc.constantFrom(
      { status: 'ROLLBACK_REQUESTED' },
      { status: 'ROLLBACK_IN_PROGRESS' },
      { status: 'ROLLBACK_SUCCESSFUL' },
      { status: 'ROLLBACK_FAILED' },
      { status: 'STOP_REQUESTED' },
      { status: 'STOPPED' },
      { status: 'SOMETHING_NEW' },
      { rollingBack: true },
      { breakerStatus: 'TRIGGERED' },
      { alarmsStatus: 'TRIGGERED' },
      { hooks: [lifecycleHook({ targetType: 'AWS_LAMBDA', status: 'FAILED' })] },
    )
    fc.assert(
      fc.property(until, stage, setback, (wanted, lifecycleStage, members) => {
        const target = share(100)
        const record = deploymentRecord({ lifecycleStage, target, ...members })
        expect(isReached(wanted, record)).toBe(false)
      }),
    )
  })
})

describe('shifted traffic', () => {
  it.each([
    ['PRODUCTION_TRAFFIC_SHIFT', 100, false],
    ['POST_PRODUCTION_TRAFFIC_SHIFT', 100, false],
    ['BAKE_TIME', 100, true],
    ['BAKE_TIME', undefined, true],
    ['BAKE_TIME', 30, false],
    ['CLEAN_UP', 100, true],
  ])('at stage %s with %s %% of it is %s', (lifecycleStage, traffic, reached) => {
    const record = deploymentRecord({ lifecycleStage, target: share(traffic) })
    expect(isReached({ kind: 'traffic-shifted' }, record)).toBe(reached)
  })
})
