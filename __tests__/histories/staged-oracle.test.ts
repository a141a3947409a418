import { describe, expect, it } from '@jest/globals'

import type { History, Hook, NewTask, Staged } from '../../simulator/histories/history.ts'
import { tellTruth } from '../../simulator/histories/oracle.ts'
import { deployHistory } from './deploy-history.ts'
import { contradictions } from './judgement.ts'
import { history, minutes } from './usual-history.ts'

const pause = (differences: Partial<Extract<Hook, { kind: 'pause' }>> = {}): Hook => ({
  ...{ kind: 'pause', stage: 'POST_TEST_TRAFFIC_SHIFT', answer: undefined },
  timeout: { minutes: 10, action: 'ROLLBACK' },
  ...differences,
})
const check = (result: 'SUCCEEDED' | 'FAILED', stage: Hook['stage'] = 'POST_SCALE_UP'): Hook => ({
  ...{ kind: 'lambda', stage, waits: 2, result },
})
const staged = (hooks: readonly Hook[] = [], differences: Partial<Staged> = {}) => ({
  staged: {
    ...{ strategy: 'BLUE_GREEN' as const, bakeTimeMinutes: 5, hooks },
    step: { percent: 50, bakeTimeMinutes: 3 },
    ...differences,
  },
})
const crash: NewTask = { kind: 'crashes', startsAfterMs: 2_000, afterMs: 3_000, exitCode: 1 }
const crashing = { first: [], then: crash }
const continued = (afterMs: number) => pause({ answer: { afterMs, action: 'CONTINUE' } })

describe('the oracle about deployments that go through stages', () => {
  it.each<[string, History, readonly string[]]>([
    ['HIST-8 blue/green is deployed', history({ service: staged() }), ['deployed']],
    [
      'HIST-8 so are linear and canary',
      history({ service: staged([], { strategy: 'LINEAR' }) }),
      ['deployed'],
    ],
    [
      'HIST-8 a function that succeeds in the end lets it pass',
      history({ service: staged([check('SUCCEEDED')]) }),
      ['deployed'],
    ],
    [
      'HIST-8 one that fails has it rolled back',
      history({ service: staged([check('FAILED')]) }),
      ['rolled-back'],
    ],
    [
      'HIST-8 at a traffic shift it fails in the rollback, too, or not',
      history({ service: staged([check('FAILED', 'TEST_TRAFFIC_SHIFT')]) }),
      ['rollback-failed', 'rolled-back'],
    ],
    [
      'HIST-8 an operator continues a pause',
      history({ service: staged([continued(minutes(4))]) }),
      ['deployed'],
    ],
    ['HIST-8 nobody does', history({ service: staged([pause()]) }), ['rolled-back']],
    [
      'HIST-8 nobody does for a day',
      history({ service: staged([pause({ timeout: undefined })]) }),
      ['timed-out'],
    ],
    [
      'HIST-8 the run ends at the pause',
      history({ service: staged([pause()]), run: { onPause: 'return' } }),
      ['paused'],
    ],
    [
      'HIST-8 the run has it rolled back there',
      history({ service: staged([pause()]), run: { onPause: 'rollback' } }),
      ['rolled-back'],
    ],
    [
      'HIST-8 a newer deployment comes in the pause',
      history({
        service: staged([continued(minutes(9))]),
        disturbances: [{ atMs: minutes(5), kind: 'supersede' }],
      }),
      ['superseded'],
    ],
    [
      'HIST-8 an operator stops it in the bake',
      history({
        service: staged(),
        disturbances: [{ atMs: minutes(4), kind: 'stop-deployment' }],
      }),
      ['rolled-back'],
    ],
    [
      'HIST-9 a crash loop that nobody judges is rolled back by the run',
      history({ service: staged(), tasks: crashing, run: { onFailure: 'rollback' } }),
      ['failed', 'rolled-back'],
    ],
    [
      'HIST-9 a late one stays late wherever it lands',
      history({
        service: staged(),
        tasks: { then: { kind: 'never-starts', startsAfterMs: 1_000 } },
        run: { onTimeout: 'rollback' },
      }),
      ['timed-out'],
    ],
  ])('%s', async (_what, one, outcomes) => {
    const truth = tellTruth(one)
    expect([...truth.outcomes.keys()].sort()).toEqual(outcomes)
    expect(contradictions(truth, await deployHistory(one, 'in-process'))).toEqual([])
  })

  it('HIST-10 holds an outcome that is true by the clock against the record of ECS', async () => {
    const one = history({ service: staged([check('FAILED', 'TEST_TRAFFIC_SHIFT')]) })
    const deployed = await deployHistory(one, 'in-process')
    const lie = { ...deployed, status: 'ROLLBACK_SUCCESSFUL' }
    expect(deployed.outcome.outcome).toBe('rollback-failed')
    expect(contradictions(tellTruth(one), lie)).toEqual([
      "rollback-failed, but ECS's record ended ROLLBACK_SUCCESSFUL",
    ])
  })
})
