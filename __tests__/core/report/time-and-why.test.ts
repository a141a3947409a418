import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { neutralise } from '../../../src/core/report/neutralise.ts'
import { renderOutputs } from '../../../src/core/report/outputs.ts'
import { renderTime } from '../../../src/core/report/time-summary.ts'
import { renderWhy } from '../../../src/core/report/why-summary.ts'
import { rolloutError } from '../../../src/core/rollout/evidence/rollout-error.ts'
import type { Evidence } from '../../../src/core/rollout/evidence/service-outcome.ts'
import type { TimeSpent } from '../../../src/core/rollout/evidence/time-spent.ts'
import { describeTargets } from '../../../src/core/rollout/observation/target-health.ts'
import { hostileText } from '../../support/hostile-text.ts'
import { goodEnd, serviceOutcome } from '../../support/report-facts.ts'

const time: TimeSpent = {
  totalSeconds: 400,
  parts: {
    ...{ rollback: 0, provision: 10, pull: 20, start: 5, failing: 0, health: 40 },
    ...{ deregistration: 300, stop: 15, bake: 0, other: 10 },
  },
  slowest: { provision: 10, pull: 20, start: 5, failing: undefined, stop: 315 },
  ...{ failedTasks: 0, end: 'complete', upTo: new Date('2026-01-01T10:05:30Z') },
}
const timeAdvice =
  '300 s of this rollout was target-group deregistration delay: lower deregistration_delay.timeout_seconds'

function evidence(text: string): Evidence {
  return {
    ...{ reasons: [], stoppedTasks: [], events: [], runningImages: [] },
    guards: [text],
    targets: [
      { targetGroupArn: text, port: 80, state: text, reason: text, description: text, count: 2 },
    ],
    logNote: text,
    ...{ time, timeAdvice: text },
  }
}

/** The marks of structure, character references aside. */
function marks(markdown: string): readonly string[] {
  const plain = markdown.replaceAll(/&(?:#\d+|amp|lt|gt);/g, '')
  return plain.split(/\r\n|\r|\n/).map((line) => line.replaceAll(/[^|<>`*#]/g, ''))
}

describe('why, and where the time went', () => {
  it('shows the parts that took time, the whole, the slowest task and the advice', () => {
    const shown = renderTime({ ...evidence('x'), timeAdvice })
    expect(shown).toContain('| image pull | 20.0 s | 20.0 s |')
    expect(shown).toContain('| deregistration delay of old tasks | 5 min 00 s |  |')
    expect(shown).toContain('| **rollout** | **6 min 40 s** |  |')
    expect(shown).not.toContain('bake time')
    expect(shown).toMatch(/\n\n300 s of this rollout was/)
  })

  it("shows tasks that failed and the rollback, and calls nobody's what is not told apart", () => {
    const parts = { ...time.parts, rollback: 120, failing: 80, other: 15 }
    const slowest = { ...time.slowest, failing: 40 }
    const back: TimeSpent = { ...time, parts, slowest, failedTasks: 2, end: 'cut-short' }
    const shown = renderTime({ ...evidence('x'), time: back })
    expect(shown).toContain('| rollback | 2 min 00 s |  |')
    expect(shown).toContain('| 2 tasks that failed | 1 min 20 s | 40.0 s |')
    expect(shown).toContain('| not told apart | 15.0 s |  |')
    expect(shown).toContain('| **rollout** | **6 min 40 s** |  |')
  })

  it('says up to when, where AWS has not told the end', () => {
    const shown = renderTime({ ...evidence('x'), time: { ...time, end: 'under-way' } })
    expect(shown).toContain(
      '| **rollout until 10:05:30 UTC, the last time that AWS told** | **6 min 40 s** |  |',
    )
  })

  it('has the same form whatever alarms, load balancers and log drivers are called', () => {
    const usual = evidence('word')
    fc.assert(
      fc.property(hostileText, (text) => {
        // A blank text leaves a section out.
        fc.pre(text !== '')
        expect(marks(renderWhy(evidence(text)))).toEqual(marks(renderWhy(usual)))
        expect(marks(renderTime(evidence(text)))).toEqual(marks(renderTime(usual)))
      }),
      { numRuns: 500 },
    )
  })

  it('runs no workflow command from what load balancers say', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const [group] = evidence(text).targets ?? []
        const lines = group === undefined ? [] : neutralise(`web: ${describeTargets(group)}`)
        expect(lines.filter((line) => /^\s*::|##\[/.test(line))).toEqual([])
      }),
    )
  })

  it('adds the parts to the output timings of one service, and to each entry of several', () => {
    const first = serviceOutcome({}, { time })
    const one = renderOutputs(goodEnd, { services: [first] }, { rollout: 404 })
    expect(JSON.parse(one.get('timings') ?? '')).toMatchObject({
      ...{ rollout: 404, 'rollout-pull': 20, 'rollout-deregistration': 300 },
      'rollout-total': 400,
    })
    const two = renderOutputs(goodEnd, { services: [first, serviceOutcome()] }, { rollout: 404 })
    expect(JSON.parse(two.get('timings') ?? '')).toEqual({ rollout: 404 })
    expect(JSON.parse(two.get('services') ?? '')).toMatchObject([
      { timings: { 'rollout-total': 400 } },
      {},
    ])
  })
})

describe('the error of a red rollout', () => {
  const nothing: Evidence = { reasons: [], stoppedTasks: [], events: [], runningImages: [] }
  const stopped = (reason: string, exitCode?: number): Evidence => ({
    ...nothing,
    stoppedTasks: [
      {
        ...{ count: 3, stopCode: 'EssentialContainerExited', reason, exampleTaskArn: 'arn' },
        containers: [{ name: 'app', exitCode, reason: undefined, healthStatus: undefined }],
      },
    ],
  })
  const placed = { at: new Date(0), message: '(service web) was unable to place a task. Reason: ' }
  const target = {
    ...{ targetGroupArn: 'arn', port: 80, state: 'unhealthy', reason: 'Target.Timeout', count: 1 },
    description: 'Request timed out',
  }

  it.each<[string, Evidence, RegExp]>([
    ['an exit code', stopped('Essential container in task exited', 139), /segmentation fault/],
    [
      'the log of the runtime before the exit code',
      {
        ...stopped('Essential container in task exited', 1),
        logLines: ['exec /x: exec format error'],
      },
      /another CPU architecture/,
    ],
    [
      'what the load balancer found before that ECS killed the task',
      { ...stopped('Task failed ELB health checks in (target-group arn)'), targets: [target] },
      /do not answer the load balancer's health check in time/,
    ],
    [
      'targets where no task has stopped',
      { ...nothing, targets: [target] },
      /in time \(1 target unhealthy in target group arn \(port 80\): Target\.Timeout/,
    ],
    [
      'the latest event where nothing else is known',
      { ...nothing, events: [{ ...placed, message: `${placed.message}Capacity is unavailable` }] },
      /Fargate has no capacity/,
    ],
    [
      'its own ignorance, with the words of ECS',
      stopped('Something of tomorrow'),
      /unknown cause \(3 tasks stopped: Something of tomorrow/,
    ],
  ])('speaks of %s', (_what, of, text) => {
    expect(rolloutError('failed', 'web', 'it failed', of).message).toMatch(text)
  })

  it('blames nothing where there is nothing', () => {
    expect(rolloutError('failed', 'web', 'it failed.', nothing).message).toBe('web: it failed')
  })
})
