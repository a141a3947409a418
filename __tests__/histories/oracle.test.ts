import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import type { History, NewTask } from '../../simulator/histories/history.ts'
import { tellTruth } from '../../simulator/histories/oracle.ts'
import { history, minutes } from './usual-history.ts'

const crash: NewTask = { kind: 'crashes', startsAfterMs: 2_000, afterMs: 3_000, exitCode: 1 }
const crashing = { first: [], then: crash }
const breaker = {
  ...{ rollback: true, resetOnHealthyTask: true },
  threshold: { type: 'BOUNDED_PERCENT' as const, value: 50 },
}
const slow: NewTask = { kind: 'healthy', startsAfterMs: 60_000, healthyAfterMs: 1_000 }
const never: NewTask = { kind: 'never-starts', startsAfterMs: 1_000 }

const loadBalancer = { healthyAfterMs: 20_000, deregistrationDelayMs: 30_000 }
const alarms = { rollback: true, bakeTimeMinutes: 5, inAlarmBefore: false }
const healthCheck = true
const failTargets = (tasks: number) => ({ atMs: 10_000, kind: 'fail-targets' as const, tasks })
const goesOff = (atMs: number) => ({ atMs, kind: 'alarm' as const, watched: true })

const outcomesOf = (one: History) => [...tellTruth(one).outcomes.keys()].sort()

describe('the oracle', () => {
  it('knows neither the action nor the engine, directly or through others', () => {
    const folder = join(import.meta.dirname, '../../simulator/histories')
    const open = [join(folder, 'oracle.ts')]
    const seen = new Set<string>()
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(/from '([^']+)'/g)) {
        expect(from).toMatch(/^\.\/[a-z-]+\.ts$/)
        open.push(join(dirname(path), from))
      }
    }
    const names = [...seen].map((path) => basename(path)).sort()
    expect(names).toEqual([
      ...['ending.ts', 'endings.ts', 'giving-up.ts', 'history.ts', 'landings.ts'],
      ...['looks.ts', 'oracle.ts', 'passage.ts', 'spans.ts', 'success-span.ts'],
    ])
  })

  it.each<[string, History, readonly string[]]>([
    ['a healthy release is deployed', history({}), ['deployed']],
    [
      'one of no tasks, too',
      history({ service: { desiredCount: 0 }, tasks: crashing }),
      ['deployed'],
    ],
    [
      'a crash loop is rolled back by the circuit breaker',
      history({ service: { breaker }, tasks: crashing }),
      ['rolled-back'],
    ],
    [
      'without rollback it is failed',
      history({ service: { breaker: { ...breaker, rollback: false } }, tasks: crashing }),
      ['failed'],
    ],
    [
      'HIST-3 sources differ about a first deployment that has nothing to return to',
      history({ service: { breaker, predecessor: 'none' }, tasks: crashing }),
      ['failed', 'rollback-failed'],
    ],
    ['without a breaker the watcher gives up', history({ tasks: crashing }), ['failed']],
    [
      'unless it was told not to',
      history({ tasks: crashing, run: { maxTaskFailures: 0 } }),
      ['timed-out'],
    ],
    [
      'two failures do not trip a breaker whose least threshold is three',
      history({ service: { breaker }, tasks: { first: [crash, crash] } }),
      ['deployed'],
    ],
    [
      'three do',
      history({ service: { breaker }, tasks: { first: [crash, crash, crash], then: slow } }),
      ['rolled-back'],
    ],
    [
      'HIST-2 percentages that leave no room keep it from its end',
      history({ service: { desiredCount: 1, maximumPercent: 150 } }),
      ['timed-out'],
    ],
    [
      'a newer deployment supersedes one under way',
      history({ disturbances: [{ atMs: 10_000, kind: 'supersede' }] }),
      ['superseded'],
    ],
    [
      'and not one that is long over',
      history({ disturbances: [{ atMs: minutes(20), kind: 'supersede' }] }),
      ['deployed'],
    ],
    [
      'an operator who stops it has it rolled back',
      history({ disturbances: [{ atMs: 10_000, kind: 'stop-deployment' }] }),
      ['rolled-back'],
    ],
    [
      'HIST-1 what comes to an end about when it is superseded may be either',
      history({ disturbances: [{ atMs: 50_000, kind: 'supersede' }] }),
      ['deployed', 'superseded'],
    ],
    [
      'HIST-4 Spot, rebalancing, autoscaling and a shortage are no failures',
      history({
        disturbances: [
          { atMs: 5_000, kind: 'interrupt-spot', tasks: 2 },
          { atMs: 10_000, kind: 'lose-capacity', forMs: minutes(5), failure: 'fargate-capacity' },
          { atMs: 15_000, kind: 'rebalance' },
          { atMs: 20_000, kind: 'scale', desiredCount: 5, by: 'auto-scaling' },
        ],
      }),
      ['deployed'],
    ],
    [
      'a shortage beyond the deadline is',
      history({
        disturbances: [
          { atMs: 500, kind: 'lose-capacity', forMs: minutes(60), failure: 'vcpu-limit' },
        ],
        run: { deadlineMs: minutes(10) },
      }),
      ['deployed', 'timed-out'],
    ],
    [
      'two targets that fail do not trip a breaker whose least threshold is three',
      history({ service: { breaker, loadBalancer }, disturbances: [failTargets(2)] }),
      ['deployed'],
    ],
    [
      'three may, where they are of the new tasks',
      history({ service: { breaker, loadBalancer }, disturbances: [failTargets(3)] }),
      ['deployed', 'rollback-failed', 'rolled-back'],
    ],
    [
      'HIST-5 an alarm rolls back, also while it bakes',
      history({ service: { alarms }, disturbances: [goesOff(minutes(4))] }),
      ['rolled-back'],
    ],
    [
      'without rollback it fails the deployment',
      history({
        service: { alarms: { ...alarms, rollback: false } },
        disturbances: [goesOff(minutes(4))],
      }),
      ['failed'],
    ],
    [
      'one that goes off once the bake is over comes too late',
      history({ service: { alarms }, disturbances: [goesOff(minutes(20))] }),
      ['deployed'],
    ],
    [
      'one that was in ALARM before is not watched',
      history({
        service: { alarms: { ...alarms, inAlarmBefore: true } },
        disturbances: [goesOff(minutes(1))],
      }),
      ['deployed'],
    ],
    [
      'and one that is not of the deployment is nothing to it',
      history({
        service: { alarms },
        disturbances: [{ atMs: minutes(1), kind: 'alarm', watched: false }],
      }),
      ['deployed'],
    ],
    [
      'beside alarms the watcher does not give up a crash loop that no breaker ends',
      history({ service: { alarms }, tasks: crashing }),
      ['timed-out'],
    ],
    [
      'HIST-6 early success comes too late for a breaker that trips before a task can be healthy',
      history({
        service: { desiredCount: 4, breaker, earlySuccess: { healthyPercent: 50 } },
        tasks: { first: [crash, crash, crash] },
      }),
      ['rolled-back'],
    ],
    [
      'HIST-7 a lost update that is taken back before a look is unknown, or seen to be rolled back',
      history({
        service: { alarms },
        disturbances: [goesOff(500)],
        run: { updateAnswerLost: true },
      }),
      ['rolled-back', 'unknown'],
    ],
    [
      'early success need not wait for failures that would end it',
      history({
        service: { desiredCount: 4, breaker, earlySuccess: { healthyPercent: 50 }, healthCheck },
        tasks: { first: Array<NewTask>(3).fill({ ...crash, afterMs: 30_000 }) },
      }),
      ['deployed', 'rolled-back'],
    ],
    ['a deadline ends the wait', history({ tasks: { then: never } }), ['timed-out']],
    [
      'and so does the runner',
      history({ tasks: { then: never }, run: { cancelAtMs: minutes(1) } }),
      ['cancelled'],
    ],
    [
      'and the end of the credentials',
      history({ tasks: { then: never }, reads: { blindFromMs: minutes(1) } }),
      ['unknown'],
    ],
  ])('%s', (_what, one, outcomes) => {
    expect(outcomesOf(one)).toEqual(outcomes)
  })
})
