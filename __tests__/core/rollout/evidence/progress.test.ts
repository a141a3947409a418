import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../../src/core/json.ts'
import {
  readServiceView,
  targets,
  type Observation,
} from '../../../../src/core/rollout/observation/observation.ts'
import { calmIntervalMs, spreadMs } from '../../../../src/core/rollout/pace/poll-interval.ts'
import { describeProgress } from '../../../../src/core/rollout/evidence/progress.ts'
import { compareImages } from '../../../../src/core/rollout/observation/running-images.ts'
import {
  groupStoppedTasks,
  readTasks,
} from '../../../../src/core/rollout/observation/stopped-tasks.ts'
import { whyNotWell } from '../../../../src/core/rollout/verdict/unchanged.ts'
import { pushedImage } from '../../../support/pushed-image.ts'

const id = 'ecs-svc/2'
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as JsonObject

function observe(runningCount: number, events: readonly object[] = []): Observation {
  const service = readServiceView({
    ...{ status: 'ACTIVE', desiredCount: 2, runningCount },
    deployments: [
      {
        id,
        status: 'PRIMARY',
        desiredCount: 2,
        runningCount,
        createdAt: 100,
        rolloutState: 'IN_PROGRESS',
      },
    ],
    events: plain({ events })['events'],
  })
  return { atMs: 0, service, record: undefined, newer: undefined }
}

describe('progress', () => {
  it('is one line for each fact that changed, and none for what stayed', () => {
    const first = describeProgress(id, undefined, observe(0), new Set())
    expect(first.lines).toEqual(['0 of 2 new tasks running', 'rollout state: IN_PROGRESS'])
    expect(describeProgress(id, observe(0), observe(0), new Set()).lines).toEqual([])
    expect(describeProgress(id, observe(0), observe(2), new Set()).lines).toEqual([
      '2 of 2 new tasks running',
    ])
  })

  it("tells events once, oldest first, from our deployment's begin on by ECS's own time", () => {
    const events = [
      { id: 'c', createdAt: 120, message: 'third' },
      { id: 'b', createdAt: 100, message: 'second' },
      { id: 'a', createdAt: 99, message: 'before us' },
    ]
    const told = describeProgress(id, undefined, observe(0, events), new Set()).events
    expect(told.map(({ message }) => message)).toEqual(['second', 'third'])
    expect(describeProgress(id, undefined, observe(0, events), new Set(['b', 'c'])).events).toEqual(
      [],
    )
  })
})

describe('events after ECS has dropped the deployment', () => {
  const dropped = (events: readonly object[]): Observation => {
    const service = readServiceView({ status: 'ACTIVE', events: plain({ events })['events'] })
    return { atMs: 0, service, record: undefined, newer: undefined }
  }
  const events = [
    { id: 'c', createdAt: 120, message: 'rolling back' },
    { id: 'a', createdAt: 99, message: 'before us' },
  ]

  it('are told from the beginning on that an earlier look saw', () => {
    const seenCreatedAt = new Date(100_000)
    const told = describeProgress(id, undefined, dropped(events), new Set(), seenCreatedAt).events
    expect(told.map(({ message }) => message)).toEqual(['rolling back'])
  })

  it('are not told where nobody knows the beginning', () => {
    expect(describeProgress(id, undefined, dropped(events), new Set()).events).toEqual([])
  })
})

describe('the rest between looks', () => {
  it('is 4 s ± 10 %, and up to 30 s while ECS throttles', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(20), (deployment, look, throttled) => {
        const restMs = spreadMs(calmIntervalMs(throttled), deployment, look)
        const baseMs = Math.min(30_000, 4_000 * 2 ** throttled)
        expect(restMs).toBeGreaterThanOrEqual(Math.floor(baseMs * 0.9))
        expect(restMs).toBeLessThanOrEqual(Math.ceil(baseMs * 1.1))
      }),
    )
  })

  it('differs between deployments and looks', () => {
    const rests = Array.from({ length: 50 }, (_, n) =>
      spreadMs(calmIntervalMs(0), `ecs-svc/${n}`, n),
    )
    expect(new Set(rests).size).toBeGreaterThan(25)
  })
})

describe('stopped tasks', () => {
  const stopped = (n: number, reason: string, exitCode: number) => ({
    ...{ taskArn: `arn:task/${n}`, startedBy: id, stopCode: 'EssentialContainerExited' },
    ...{ stoppedReason: reason, stoppedAt: 100 + n },
    containers: [
      { name: 'proxy', exitCode: 137 },
      { name: 'app', exitCode },
    ],
  })

  it('are grouped by alike endings, the most frequent first, the culprit container first', () => {
    const tasks = readTasks({
      tasks: [
        stopped(1, 'pulled by 11111111-aaaa-bbbb-cccc-111111111111 at 10.0.0.1', 1),
        stopped(2, 'Essential container in task exited', 3),
        stopped(3, 'pulled by 22222222-aaaa-bbbb-cccc-222222222222 at 10.0.0.2', 1),
      ],
    })
    const groups = groupStoppedTasks(tasks)
    expect(groups.map(({ count }) => count)).toEqual([2, 1])
    expect(groups[1]).toMatchObject({
      reason: 'Essential container in task exited',
      containers: [
        { name: 'app', exitCode: 3 },
        { name: 'proxy', exitCode: 137 },
      ],
    })
  })
})

describe('an unchanged service', () => {
  const view = (members: object) =>
    readServiceView(
      plain({
        ...{ desiredCount: 2, runningCount: 2 },
        deployments: [{ id, status: 'PRIMARY', rolloutState: 'COMPLETED' }],
        ...members,
      }),
    )
  const now = new Date(1_000_000)
  const failed = (secondsAgo: number, members: object = {}) =>
    readTasks(
      plain({
        tasks: [
          {
            ...{ startedBy: id, stopCode: 'EssentialContainerExited' },
            stoppedAt: 1_000 - secondsAgo,
            ...members,
          },
        ],
      }),
    )

  it.each([
    ['all runs', view({}), [], undefined],
    ['a task is missing', view({ runningCount: 1 }), [], 'all tasks of the service are running'],
    ['nothing is wanted', view({ desiredCount: 0, runningCount: 0 }), [], undefined],
    [
      'there is no deployment',
      view({ deployments: [] }),
      [],
      'the service has a PRIMARY deployment',
    ],
    ['a task has just failed', view({}), failed(10), 'no task has failed in the last 5 minutes'],
    ['a task failed long ago', view({}), failed(301), undefined],
    [
      "another deployment's task has failed",
      view({}),
      failed(10, { startedBy: 'ecs-svc/1' }),
      undefined,
    ],
    [
      'a task was scaled in',
      view({}),
      failed(10, {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by x',
      }),
      undefined,
    ],
  ])('is judged when %s', (_what, service, tasks, expected) => {
    expect(whyNotWell(service, tasks, now)).toBe(expected)
  })
})

describe('the running images', () => {
  const image = pushedImage(1)
  const other = pushedImage(4).digest
  const [amd64] = image.platforms
  it.each([
    ['the index', [{ container: 'app', digest: image.digest }], 'ours'],
    ['a platform of it', [{ container: 'app', digest: amd64?.digest ?? image.digest }], 'ours'],
    ['another image', [{ container: 'app', digest: other }], 'other'],
    [
      'ours and another',
      [
        { container: 'app', digest: image.digest },
        { container: 'app', digest: other },
      ],
      'other',
    ],
    ["another container's", [{ container: 'proxy', digest: other }], 'no-evidence'],
    ['nothing', [], 'no-evidence'],
  ] as const)('of %s', (_what, running, expected) => {
    expect(compareImages(running, ['app'], image)).toBe(expected)
  })
})

describe('the record of a deployment', () => {
  it('is found by the number of its service revision, not by its beginning', () => {
    const brief = (targetServiceRevisionArn: string) => ({
      ...{ arn: 'x', status: 'PENDING', createdAt: undefined, targetServiceRevisionArn },
    })
    expect(targets(brief('arn:aws:ecs:r:1:service-revision/prod/web/42'), 'ecs-svc/42')).toBe(true)
    expect(targets(brief('arn:aws:ecs:r:1:service-revision/prod/web/142'), 'ecs-svc/42')).toBe(
      false,
    )
  })
})
