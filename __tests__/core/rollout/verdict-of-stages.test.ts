import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type {
  Deployment,
  Observation,
  ServiceView,
} from '../../../src/core/rollout/observation/observation.ts'
import { restLeftMs } from '../../../src/core/rollout/pace/rest.ts'
import { calmIntervalMs, spreadMs } from '../../../src/core/rollout/pace/poll-interval.ts'
import type { RevisionShare } from '../../../src/core/rollout/observation/revision-share.ts'
import type { ServiceDeploymentRecord } from '../../../src/core/rollout/observation/service-deployment-record.ts'
import { stages } from '../../../src/core/rollout/observation/stage.ts'
import { readTrafficShift } from '../../../src/core/rollout/observation/traffic-shift.ts'
import { judge } from '../../../src/core/rollout/verdict/verdict.ts'
import { remember, type Memory, type Verdict } from '../../../src/core/rollout/verdict/watch.ts'
import { deploymentRecord, lifecycleHook } from '../../support/deployment-record.ts'

const id = 'ecs-svc/2'
const deployment = (members: Partial<Deployment> = {}): Deployment => ({
  ...{ id, status: 'PRIMARY', taskDefinitionArn: 'td/web:2', desiredCount: 2, runningCount: 2 },
  ...{
    pendingCount: 0,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: undefined,
  },
  createdAt: new Date(2_000),
  ...members,
})
const blue = (members: Partial<Deployment> = {}): Deployment =>
  deployment({
    ...{ id: 'ecs-svc/1', status: 'ACTIVE', taskDefinitionArn: 'td/web:1' },
    ...{ rolloutState: 'COMPLETED', createdAt: new Date(1_000) },
    ...members,
  })
const share = (arn: string, productionTraffic: number, runningCount = 2): RevisionShare => ({
  ...{ arn, productionTraffic, runningCount, testTraffic: 0 },
})

interface Look {
  readonly atMs?: number
  readonly deployments?: readonly Deployment[]
  readonly revisions?: readonly RevisionShare[]
  readonly record?: ServiceDeploymentRecord
}

function memoryAfter(...looks: readonly Look[]): Memory {
  let memory: Memory | undefined
  for (const { atMs = 0, deployments = [deployment()], revisions = [], record } of looks) {
    const service: ServiceView = {
      ...{ status: 'ACTIVE', desiredCount: 2, runningCount: 2, events: [] },
      ...{ deployments, revisions },
    }
    const seen: Observation = { atMs, record, newer: undefined, service }
    memory = remember(memory, seen, id)
  }
  if (memory === undefined) throw new TypeError('no look')
  return memory
}

function judged(...looks: readonly Look[]): Verdict {
  const guards = { breaker: false, alarms: false, rollback: false }
  const previous = { previousTaskDefinitionArn: 'td/web:1', previousDeploymentId: 'ecs-svc/1' }
  return judge({ deploymentId: id, ...previous, guards, staged: true }, memoryAfter(...looks))
}

describe('without its record a staged deployment', () => {
  const completed = deployment({ rolloutState: 'COMPLETED' })
  const alone = [share('revision/2', 100)]

  it('is deployed once it has been alone for 10 s', () => {
    const look = { deployments: [completed], revisions: alone }
    expect(judged(look).kind).toBe('going-on')
    expect(judged(look, { ...look, atMs: 10_000 })).toMatchObject({ outcome: 'deployed' })
  })

  it.each<[string, Look]>([
    ['blue is listed', { deployments: [completed, blue()], revisions: alone }],
    [
      'blue has traffic',
      { deployments: [completed], revisions: [...alone, share('revision/1', 5, 0)] },
    ],
    ['blue has tasks', { deployments: [completed], revisions: [...alone, share('revision/1', 0)] }],
    [
      'green has not all traffic',
      { deployments: [completed], revisions: [share('revision/2', 50)] },
    ],
    ['a task is missing', { deployments: [deployment({ ...completed, runningCount: 1 })] }],
    ['no state is told', { deployments: [deployment({ rolloutState: undefined })] }],
  ])('goes on while %s', (_what, look) => {
    expect(judged(look, { ...look, atMs: 3_600_000 }).kind).toBe('going-on')
  })

  it('goes on while blue is PRIMARY and green is listed', () => {
    const deployments = [blue({ status: 'PRIMARY' }), deployment({ status: 'ACTIVE' })]
    expect(judged({ deployments }, { deployments, atMs: 3_600_000 }).kind).toBe('going-on')
  })

  it('is rolled back once green has failed and gone', () => {
    const failed = deployment({ status: 'ACTIVE', rolloutState: 'FAILED' })
    const back = blue({ status: 'PRIMARY' })
    const looks = [{ deployments: [back, failed] }, { deployments: [back], atMs: 60_000 }]
    expect(judged(...looks)).toMatchObject({ outcome: 'rolled-back' })
  })
})

describe('with its record a staged deployment', () => {
  it('goes on in whatever stage, known or not, until ECS says otherwise', () => {
    const stage = fc.oneof(fc.constantFrom(...stages), fc.string())
    const status = fc.oneof(
      fc.constantFrom('PENDING', 'IN_PROGRESS'),
      fc.string().map((s) => `X${s}`),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(stage, status), { minLength: 1 }), (seen) => {
        const looks = seen.map(([lifecycleStage, raw], n) => ({
          atMs: n * 4_000,
          deployments: [deployment({ rolloutState: 'COMPLETED' })],
          record: deploymentRecord({ lifecycleStage, status: raw }),
        }))
        expect(judged(...looks).kind).toBe('going-on')
      }),
    )
  })

  it.each([
    ['PRODUCTION_TRAFFIC_SHIFT', [], 'ECS has left stage PRODUCTION_TRAFFIC_SHIFT'],
    ['BAKE_TIME', [], 'the bake time of 5 min is over'],
    [
      'POST_SCALE_UP',
      [lifecycleHook()],
      'somebody answers pause hook ecs-pause-1 at stage POST_SCALE_UP',
    ],
    [
      'POST_SCALE_UP',
      [lifecycleHook({ targetType: 'AWS_LAMBDA', targetArn: 'arn:f', status: 'IN_PROGRESS' })],
      'Lambda hook arn:f at stage POST_SCALE_UP has answered',
    ],
  ])('in %s with %j awaits that', (lifecycleStage, hooks, condition) => {
    const shift = readTrafficShift({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 })
    const record = deploymentRecord({ lifecycleStage, hooks, shift })
    expect(judged({ record })).toMatchObject({ kind: 'going-on', condition })
  })

  it('tells where it stood when it went wrong, with the hooks that had not succeeded', () => {
    const hooks = [
      lifecycleHook({ targetType: 'AWS_LAMBDA', targetArn: 'arn:good', status: 'SUCCEEDED' }),
      lifecycleHook({ targetType: 'AWS_LAMBDA', targetArn: 'arn:bad', status: 'IN_PROGRESS' }),
    ]
    const verdict = judged(
      { record: deploymentRecord({ lifecycleStage: 'POST_SCALE_UP', hooks }) },
      {
        record: deploymentRecord({
          ...{ status: 'ROLLBACK_SUCCESSFUL', rollingBack: true, lifecycleStage: 'CLEAN_UP' },
          rollbackReason: 'A lifecycle hook failed.',
        }),
      },
    )
    expect(verdict).toMatchObject({
      outcome: 'rolled-back',
      reason: 'A lifecycle hook failed, at stage POST_SCALE_UP, Lambda hook arn:bad',
    })
  })
})

describe('the pace of looking', () => {
  const shift = readTrafficShift({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 })
  const now = new Date(1_000_000)
  const none = new Set<string>()

  it('counts the bake from the look before it was first seen', () => {
    const record = deploymentRecord({ lifecycleStage: 'BAKE_TIME', shift })
    const before = deploymentRecord({ lifecycleStage: 'POST_PRODUCTION_TRAFFIC_SHIFT', shift })
    const memory = memoryAfter(
      { atMs: 10_000, record: before },
      { atMs: 14_000, record },
      { atMs: 29_000, record },
    )
    expect(restLeftMs(memory, none, now)).toBe(10_000 + 300_000 - 29_000)
  })

  it('counts a pause to its end, and not at all once it is answered', () => {
    const hooks = [lifecycleHook({ expiresAt: new Date(1_050_000) })]
    const memory = memoryAfter({
      record: deploymentRecord({ lifecycleStage: 'POST_SCALE_UP', hooks }),
    })
    expect(restLeftMs(memory, none, now)).toBe(50_000)
    expect(restLeftMs(memory, new Set(['ecs-pause-1']), now)).toBeUndefined()
  })

  it('knows no rest on the way back, or while something moves', () => {
    const stage = { lifecycleStage: 'BAKE_TIME', shift }
    const back = deploymentRecord({ ...stage, status: 'ROLLBACK_IN_PROGRESS' })
    expect(restLeftMs(memoryAfter({ record: back }), none, now)).toBeUndefined()
    const moving = deploymentRecord({ lifecycleStage: 'SCALE_UP', shift })
    expect(restLeftMs(memoryAfter({ record: moving }), none, now)).toBeUndefined()
  })

  it('is 15 s, or what is left until the last 30 s, and never below 4 s; all within 10 %', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 600_000 }), fc.nat(), (leftMs, look) => {
        const calmMs = Math.min(15_000, Math.max(4_000, leftMs - 30_000))
        const restMs = spreadMs(calmIntervalMs(0, leftMs), id, look)
        expect(restMs).toBeGreaterThanOrEqual(Math.floor(calmMs * 0.9))
        expect(restMs).toBeLessThanOrEqual(Math.ceil(calmMs * 1.1))
      }),
    )
  })
})
