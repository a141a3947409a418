import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { Guards } from '../../../../src/core/rollout/observation/guards.ts'
import type {
  Deployment,
  Observation,
} from '../../../../src/core/rollout/observation/observation.ts'
import type { ServiceDeploymentRecord } from '../../../../src/core/rollout/observation/service-deployment-record.ts'
import { judge } from '../../../../src/core/rollout/verdict/verdict.ts'
import { remember, type Memory, type Verdict } from '../../../../src/core/rollout/verdict/watch.ts'
import { deploymentRecord } from '../../../support/deployment-record.ts'

const id = 'ecs-svc/2'
const unguarded: Guards = { breaker: false, alarms: false, rollback: false }
const guarded: Guards = { breaker: true, alarms: false, rollback: true }

function deployment(members: Partial<Deployment> = {}): Deployment {
  return {
    ...{ id, status: 'PRIMARY', taskDefinitionArn: 'td/web:2' },
    ...{ desiredCount: 2, runningCount: 2, pendingCount: 0, failedTasks: 0 },
    ...{ rolloutState: 'IN_PROGRESS', rolloutStateReason: undefined },
    createdAt: new Date(2_000),
    ...members,
  }
}
const old = (members: Partial<Deployment> = {}) =>
  deployment({
    ...{ id: 'ecs-svc/1', status: 'ACTIVE', taskDefinitionArn: 'td/web:1' },
    ...{ rolloutState: 'COMPLETED', createdAt: new Date(1_000) },
    ...members,
  })
const newer = (members: Partial<Deployment> = {}) =>
  deployment({
    id: 'ecs-svc/3',
    taskDefinitionArn: 'td/web:3',
    createdAt: new Date(3_000),
    ...members,
  })

const record = (status: string, members: Partial<ServiceDeploymentRecord> = {}) =>
  deploymentRecord({ status, ...members })

/** The verdict after looks at the given times. */
function verdictAfter(
  looks: readonly (Partial<Observation> & {
    readonly deployments?: readonly Deployment[]
    readonly serviceStatus?: string
  })[],
  guards: Guards = unguarded,
): Verdict {
  let memory: Memory | undefined
  for (const { deployments = [deployment()], serviceStatus, ...look } of looks) {
    const service = {
      ...{
        status: serviceStatus ?? 'ACTIVE',
        desiredCount: 2,
        runningCount: 2,
        events: [],
        revisions: [],
      },
      deployments,
    }
    const seen = { atMs: 0, record: undefined, newer: undefined, ...look, service }
    memory = remember(memory, seen, id)
  }
  if (memory === undefined) throw new TypeError('no look')
  return judge(
    { deploymentId: id, previousTaskDefinitionArn: 'td/web:1', guards, staged: false },
    memory,
  )
}

describe('the verdict by the record of the deployment', () => {
  it.each([
    ['SUCCESSFUL', {}, 'deployed'],
    ['ROLLBACK_SUCCESSFUL', {}, 'rolled-back'],
    ['ROLLBACK_FAILED', {}, 'rollback-failed'],
    ['STOPPED', { breakerStatus: 'TRIGGERED' }, 'failed'],
    ['STOPPED', { alarmsStatus: 'TRIGGERED' }, 'failed'],
    ['STOP_REQUESTED', { breakerStatus: 'TRIGGERED' }, 'failed'],
  ])('of %s with %j is %s', (status, members, outcome) => {
    expect(verdictAfter([{ record: record(status, members) }])).toMatchObject({
      ...{ kind: 'final', outcome },
    })
  })

  it.each(['STOPPED', 'STOP_REQUESTED'])(
    'of %s with a newer deployment is superseded',
    (status) => {
      const brief = { arn: 'sd/3', targetServiceRevisionArn: 'r/3', status, createdAt: undefined }
      const looks = [
        {
          record: record(status),
          newer: brief,
          deployments: [newer(), deployment({ status: 'ACTIVE' })],
        },
      ]
      expect(verdictAfter(looks)).toEqual({
        ...{ kind: 'final', outcome: 'superseded' },
        reason: 'a newer deployment took over: web:3 (sd/3)',
      })
    },
  )

  it('of STOPPED is stopped only after half a minute in which no newer one is listed', () => {
    const stopped = record('STOPPED')
    const looks = [
      { atMs: 1_000, record: stopped },
      { atMs: 30_999, record: stopped },
    ]
    expect(verdictAfter(looks)).toMatchObject({ kind: 'going-on', doomed: true })
    const last = { atMs: 31_000, record: stopped }
    expect(verdictAfter([...looks, last])).toMatchObject({ kind: 'final', outcome: 'stopped' })
  })

  it('of STOPPED is superseded by another PRIMARY that began in the same millisecond', () => {
    const createdAt = new Date(2_000)
    const deployments = [newer({ createdAt }), deployment({ status: 'ACTIVE' })]
    const looks = [{ record: record('STOPPED', { createdAt }), deployments }]
    expect(verdictAfter(looks)).toMatchObject({ kind: 'final', outcome: 'superseded' })
  })

  it.each([
    'PENDING',
    'IN_PROGRESS',
    'STOP_REQUESTED',
    'ROLLBACK_REQUESTED',
    'ROLLBACK_IN_PROGRESS',
  ])('of %s is going on', (status) => {
    expect(verdictAfter([{ record: record(status) }]).kind).toBe('going-on')
  })

  it('is decided, and yet awaited, while a rollback is in progress', () => {
    const looks = [{ record: record('ROLLBACK_IN_PROGRESS', { rollbackReason: 'breaker' }) }]
    expect(verdictAfter(looks)).toMatchObject({ doomed: true, reason: 'breaker' })
  })

  it('may still be a success after a rollback was requested', () => {
    const looks = [{ record: record('ROLLBACK_REQUESTED') }, { record: record('SUCCESSFUL') }]
    expect(verdictAfter(looks)).toMatchObject({ outcome: 'deployed' })
  })

  it('never calls a status or stage that it does not know an end', () => {
    const known = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']
    const unknown = fc.string().filter((status) => !known.includes(status))
    fc.assert(
      fc.property(unknown, fc.string(), (status, lifecycleStage) => {
        const looks = [{ record: record(status, { lifecycleStage }) }]
        expect(verdictAfter(looks).kind).toBe('going-on')
      }),
    )
  })

  it('is failed when ECS calls a first deployment failed and has nothing to return to', () => {
    const failed = [deployment({ rolloutState: 'FAILED', rolloutStateReason: 'tasks failed' })]
    const look = (atMs: number) => ({ atMs, record: record('IN_PROGRESS'), deployments: failed })
    expect(verdictAfter([look(0), look(59_000)], guarded)).toMatchObject({ doomed: true })
    expect(verdictAfter([look(0), look(60_000)], guarded)).toEqual({
      ...{ kind: 'final', outcome: 'failed', reason: 'tasks failed' },
    })
  })

  it('is stopped when the service is deleted', () => {
    const looks = [{ record: record('IN_PROGRESS'), serviceStatus: 'DRAINING' }]
    expect(verdictAfter(looks)).toMatchObject({ outcome: 'stopped' })
  })

  it.each([
    [[], 'the deployment is seen in DescribeServices'],
    [[deployment({ runningCount: 1 })], 'all new tasks are running'],
    [[deployment(), old()], 'new tasks are healthy and the old ones have stopped'],
    [[deployment()], 'ECS calls the deployment complete'],
  ])('says what is still false', (deployments, condition) => {
    const looks = [{ record: record('IN_PROGRESS'), deployments }]
    expect(verdictAfter(looks)).toMatchObject({ condition })
  })
})

describe('the verdict by the deployments of the service alone', () => {
  it.each([
    [
      'deployed when ours is PRIMARY and COMPLETED',
      [deployment({ rolloutState: 'COMPLETED' })],
      'deployed',
    ],
    ['failed when ours is PRIMARY and FAILED', [deployment({ rolloutState: 'FAILED' })], 'failed'],
    [
      'superseded when a newer one is PRIMARY',
      [newer(), deployment({ status: 'ACTIVE' })],
      'superseded',
    ],
    [
      'rolled-back when the old one is PRIMARY again and COMPLETED',
      [old({ status: 'PRIMARY' }), deployment({ status: 'ACTIVE', rolloutState: 'FAILED' })],
      'rolled-back',
    ],
    [
      'rollback-failed when the rollback fails, too',
      [
        old({ status: 'PRIMARY', rolloutState: 'FAILED' }),
        deployment({ status: 'ACTIVE', rolloutState: 'FAILED' }),
      ],
      'rollback-failed',
    ],
  ])('is %s', (_what, deployments, outcome) => {
    expect(verdictAfter([{ deployments }])).toMatchObject({ kind: 'final', outcome })
  })

  it('waits for the landing while ECS is rolling back', () => {
    const rolling = old({
      ...{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
      rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.',
    })
    const ours = deployment({
      ...{ status: 'ACTIVE', rolloutState: 'FAILED' },
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    })
    const looks = [{ deployments: [rolling, ours] }]
    expect(verdictAfter(looks)).toMatchObject({ kind: 'going-on', doomed: true })
    const landed = [...looks, { atMs: 9_000, deployments: [old({ status: 'PRIMARY' })] }]
    expect(verdictAfter(landed)).toEqual({
      ...{ kind: 'final', outcome: 'rolled-back' },
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
    })
  })

  it('believes that ours is gone only when the look cannot be older than the update', () => {
    const stale = [old({ status: 'PRIMARY' })]
    const seen = { atMs: 0, deployments: [deployment(), old()] }
    expect(verdictAfter([seen, { atMs: 4_000, deployments: stale }]).kind).toBe('going-on')
    const lasting = [
      seen,
      { atMs: 4_000, deployments: stale },
      { atMs: 14_000, deployments: stale },
    ]
    expect(verdictAfter(lasting)).toMatchObject({ outcome: 'rolled-back' })
  })

  it('waits a minute for the rollback that the guards promise', () => {
    const failed = [deployment({ rolloutState: 'FAILED' })]
    const look = (atMs: number) => ({ atMs, deployments: failed })
    expect(verdictAfter([look(0), look(30_000)], guarded)).toMatchObject({ doomed: true })
    expect(verdictAfter([look(0), look(60_000)], guarded)).toMatchObject({ outcome: 'failed' })
  })

  it('takes ten steady seconds for a rollout state that ECS does not tell', () => {
    const classic = [deployment({ rolloutState: undefined })]
    const look = (atMs: number) => ({ atMs, deployments: classic })
    expect(verdictAfter([look(0), look(9_000)]).kind).toBe('going-on')
    expect(verdictAfter([look(0), look(10_000)])).toMatchObject({ outcome: 'deployed' })
    const wobbling = [deployment({ rolloutState: undefined, runningCount: 1 })]
    const looks = [look(0), { atMs: 5_000, deployments: wobbling }, look(10_000)]
    expect(verdictAfter(looks).kind).toBe('going-on')
  })
})
