import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { Task } from '../../../../src/core/rollout/observation/stopped-tasks.ts'
import {
  adviseOnTime,
  dominantPart,
  timingsOf,
} from '../../../../src/core/rollout/evidence/time-advice.ts'
import {
  measureTimeSpent,
  timeParts,
  type RolloutRecord,
  type TimePart,
  type TimeSpent,
} from '../../../../src/core/rollout/evidence/time-spent.ts'
import { completionTold, stopsTold } from '../../../../src/core/rollout/evidence/told-stops.ts'

const at = (seconds: number): Date => new Date(1_767_225_600_000 + seconds * 1000)

function task(id: string, times: Partial<Record<string, number>>): Task {
  const when = (name: string): Date | undefined => {
    const seconds = times[name]
    return seconds === undefined ? undefined : at(seconds)
  }
  return {
    ...{ arn: `arn:aws:ecs:us-east-1:123456789012:task/prod/${id}`, startedBy: 'ecs-svc/1' },
    ...{ taskDefinitionArn: '', lastStatus: 'RUNNING', healthStatus: undefined },
    ...{ stopCode: '', stoppedReason: '', containers: [], stoppedAt: undefined },
    startedAt: when('started'),
    times: {
      createdAt: when('created'),
      pullStartedAt: when('pulling'),
      pullStoppedAt: when('pulled'),
      stoppingAt: when('stopping'),
      endedAt: when('ended'),
    },
  }
}

function record(members: Partial<RolloutRecord> = {}): RolloutRecord {
  return {
    ...{ beganAt: at(0), endedAt: at(400) },
    newTasks: [task('new', { created: 0, pulling: 10, pulled: 30, started: 35 })],
    oldTasks: [task('old', { stopping: 75, ended: 390 })],
    stopsToldAt: new Map(),
    ...{ deregistrationDelayMs: undefined, bakeMs: 0, bakesBeforeStops: false },
    ...members,
  }
}

const none = {
  ...{ provision: 0, pull: 0, start: 0, health: 0 },
  ...{ deregistration: 0, stop: 0, bake: 0, other: 0 },
}

describe('where the time of a rollout went', () => {
  it('follows new tasks to health, then old ones to their end', () => {
    const spent = measureTimeSpent(record())
    expect(spent.parts).toEqual({
      ...none,
      ...{ provision: 10, pull: 20, start: 5, health: 40, stop: 315, other: 10 },
    })
    expect(spent).toMatchObject({ totalSeconds: 400, slowest: { pull: 20, stop: 315 } })
  })

  it('tells the deregistration delay from the rest of the stop where it is known', () => {
    const spent = measureTimeSpent(record({ deregistrationDelayMs: 300_000 }))
    expect(spent.parts).toMatchObject({ deregistration: 300, stop: 15 })
  })

  it('begins the stop when the scheduler said so, if stoppingAt is later', () => {
    const late = task('old', { stopping: 375, ended: 390 })
    const stopsToldAt = new Map([['old', at(75)]])
    const spent = measureTimeSpent(record({ oldTasks: [late], stopsToldAt }))
    expect(spent.parts).toMatchObject({ health: 40, stop: 315 })
  })

  it('does not call health what may have been a wait for old tasks', () => {
    const oldTasks = [task('old', { stopping: 5, ended: 390 })]
    expect(measureTimeSpent(record({ oldTasks })).parts).toMatchObject({ health: 0, stop: 355 })
  })

  it('calls the wait of a first deployment health, and its bake time by name', () => {
    const spent = measureTimeSpent(record({ oldTasks: [], bakeMs: 120_000 }))
    expect(spent.parts).toMatchObject({ health: 245, bake: 120, other: 0 })
  })

  it('puts the bake time of a traffic shift before the old tasks stop', () => {
    const oldTasks = [task('old', { stopping: 335, ended: 390 })]
    const spent = measureTimeSpent(record({ oldTasks, bakeMs: 240_000, bakesBeforeStops: true }))
    expect(spent.parts).toMatchObject({ health: 60, bake: 240, stop: 55, other: 10 })
  })

  const times = fc.record(
    Object.fromEntries(
      ['created', 'pulling', 'pulled', 'started', 'stopping', 'ended'].map((name) => [
        name,
        fc.option(fc.integer({ min: -50, max: 900 }), { nil: undefined }),
      ]),
    ),
  )
  const tasks = fc.array(
    times.map((each, index = 0) => task(`t${String(index)}`, each)),
    {
      maxLength: 6,
    },
  )

  it('adds up to the whole, with no part below nothing, whatever AWS answers', () => {
    fc.assert(
      fc.property(
        ...[tasks, tasks, fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 900 })],
        fc.boolean(),
        (newTasks, oldTasks, end, seconds, bakesBeforeStops) => {
          const spent = measureTimeSpent(
            record({
              ...{ newTasks, oldTasks, endedAt: at(end), bakesBeforeStops },
              ...{ deregistrationDelayMs: seconds * 1000, bakeMs: seconds * 500 },
            }),
          )
          const sum = timeParts.reduce((all, part) => all + spent.parts[part], 0)
          expect(sum).toBeCloseTo(spent.totalSeconds, 3)
          expect(Math.min(...Object.values(spent.parts))).toBeGreaterThanOrEqual(0)
          expect(timingsOf(spent)['rollout-total']).toBe(end)
        },
      ),
    )
  })
})

describe('advice on time', () => {
  const spent = (totalSeconds: number, parts: Partial<Record<TimePart, number>>): TimeSpent => ({
    totalSeconds,
    parts: { ...none, ...parts },
    slowest: { provision: undefined, pull: undefined, start: undefined, stop: undefined },
  })

  it.each<[string, TimeSpent, string | undefined]>([
    [
      'the deregistration delay',
      spent(412, { deregistration: 300, stop: 15 }),
      '300 s of this rollout was target-group deregistration delay: lower deregistration_delay.timeout_seconds',
    ],
    ['the pull', spent(200, { pull: 100 }), '100 s of this rollout was pulling the image'],
    ['a share just large enough', spent(150, { health: 60 }), '60 s of this rollout was waiting'],
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

describe('service events as a clock', () => {
  const event = (seconds: number, message: string) => ({ id: message, at: at(seconds), message })

  it('tell when tasks were first told to stop', () => {
    const told = stopsTold([
      event(9, '(service web) has stopped 1 running tasks: (task 0a1b).'),
      event(5, '(service web) has stopped 2 running tasks: (task 0a1b) (task 2c3d).'),
      event(3, '(service web) has started 2 tasks: (task ffff) (task eeee).'),
    ])
    expect([...told]).toEqual([
      ['0a1b', at(5)],
      ['2c3d', at(5)],
    ])
  })

  it('tell when the deployment was complete, and no other', () => {
    const events = [
      event(9, '(service web) (deployment ecs-svc/2) deployment completed.'),
      event(5, '(service web) (deployment ecs-svc/1) deployment completed.'),
    ]
    expect(completionTold(events, 'ecs-svc/1')).toEqual(at(5))
    expect(completionTold(events, 'ecs-svc/3')).toBeUndefined()
  })
})
