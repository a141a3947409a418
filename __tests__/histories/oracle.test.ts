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
    expect(names).toEqual(['endings.ts', 'history.ts', 'oracle.ts', 'spans.ts'])
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
      'sources differ about a first deployment that has nothing to return to',
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
      'percentages that leave no room keep it from its end',
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
      'what comes to an end about when it is superseded may be either',
      history({ disturbances: [{ atMs: 50_000, kind: 'supersede' }] }),
      ['deployed', 'superseded'],
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
