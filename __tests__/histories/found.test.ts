import { expect, it } from '@jest/globals'

import type { History } from '../../simulator/histories/history.ts'
import { tellTruth } from '../../simulator/histories/oracle.ts'
import { deployHistory } from './deploy-history.ts'
import { contradictions } from './judgement.ts'
import { history, minutes } from './usual-history.ts'

/** Histories that action and oracle once disagreed about. */
it.each<[string, History, string]>([
  [
    'RUNNING for 30 s is no health where a container has a health check that never passes',
    history({
      service: { healthCheck: true },
      tasks: { then: { kind: 'crashes', startsAfterMs: 1_000, afterMs: 33_000, exitCode: 1 } },
    }),
    'failed',
  ],
  [
    'a lost update is taken back before a look',
    history({
      service: { alarms: { rollback: true, bakeTimeMinutes: 0, inAlarmBefore: false } },
      disturbances: [{ atMs: 500, kind: 'alarm', watched: true }],
      run: { updateAnswerLost: true },
    }),
    'rolled-back',
  ],
  [
    'the deadline comes while a rollback drains that an operator asked for',
    history({
      service: {
        desiredCount: 1,
        loadBalancer: { healthyAfterMs: 5_000, deregistrationDelayMs: 300_000 },
      },
      tasks: { then: { kind: 'refused-by-load-balancer', startsAfterMs: 1_000 } },
      disturbances: [{ atMs: 500, kind: 'stop-deployment' }],
      run: { deadlineMs: minutes(5), maxTaskFailures: 1 },
    }),
    'timed-out',
  ],
  [
    'with early success the bake goes on while the old tasks drain',
    history({
      service: {
        ...{ desiredCount: 1, earlySuccess: { healthyPercent: 100 } },
        alarms: { rollback: false, bakeTimeMinutes: 5, inAlarmBefore: false },
        loadBalancer: { healthyAfterMs: 5_000, deregistrationDelayMs: 300_000 },
      },
      tasks: { then: { kind: 'healthy', startsAfterMs: 1_000, healthyAfterMs: 1_000 } },
      disturbances: [{ atMs: 309_000, kind: 'alarm', watched: true }],
    }),
    'deployed',
  ],
  [
    'what superseded the deployment was rolled back by a hook before it was listed',
    history({
      service: {
        staged: {
          ...{ strategy: 'BLUE_GREEN', bakeTimeMinutes: 0 },
          step: { percent: 50, bakeTimeMinutes: 0 },
          hooks: [{ kind: 'lambda', stage: 'PRE_SCALE_UP', waits: 3, result: 'FAILED' }],
        },
      },
      disturbances: [{ atMs: 71_500, kind: 'supersede' }],
      reads: { listLagMs: 5_000 },
      run: { maxTaskFailures: 0, deadlineMs: minutes(10) },
    }),
    'superseded',
  ],
  [
    'a hook fails in the first step of the traffic, long before its bake is over',
    history({
      service: {
        desiredCount: 0,
        alarms: { rollback: false, bakeTimeMinutes: 0, inAlarmBefore: false },
        staged: {
          ...{ strategy: 'CANARY', bakeTimeMinutes: 0 },
          step: { percent: 20, bakeTimeMinutes: 3 },
          hooks: [
            { kind: 'lambda', stage: 'PRODUCTION_TRAFFIC_SHIFT', waits: 0, result: 'FAILED' },
          ],
        },
      },
      disturbances: [{ atMs: 30_000, kind: 'alarm', watched: true }],
      run: { deadlineMs: minutes(10), cancelAtMs: 30_000, maxTaskFailures: 0 },
    }),
    'rollback-failed',
  ],
])('%s', async (_what, one, end) => {
  const deployed = await deployHistory(one, 'in-process')
  expect(contradictions(tellTruth(one), deployed)).toEqual([])
  expect(deployed.outcome.outcome).toBe(end)
})

it('waits for a task in place of the only one, which Spot takes at any second about the end', async () => {
  for (let atMs = 20_000; atMs <= 75_000; atMs += 1_000) {
    const one = history({
      service: { desiredCount: 1 },
      tasks: { then: { kind: 'healthy', startsAfterMs: 20_000, healthyAfterMs: 1_000 } },
      disturbances: [{ atMs, kind: 'interrupt-spot', tasks: 2 }],
    })
    const truth = tellTruth(one)
    const deployed = await deployHistory(one, 'in-process')
    expect(contradictions(truth, deployed)).toEqual([])
    expect([truth.verifiable, deployed.outcome.verified]).toEqual(['yes', true])
  }
})
