import { describe, expect, it } from '@jest/globals'

import { describePause, howToAnswer, pausesOf } from '../../../../src/core/rollout/verdict/pause.ts'
import { readServiceDeploymentRecord } from '../../../../src/core/rollout/observation/service-deployment-record.ts'
import { deploymentRecord, lifecycleHook } from '../../../support/deployment-record.ts'

describe('a pause that waits for an answer', () => {
  it.each([
    ['PAUSE', 'AWAITING_ACTION', 1],
    ['PAUSE', 'SUCCEEDED', 0],
    ['PAUSE', 'TIMED_OUT', 0],
    ['AWS_LAMBDA', 'AWAITING_ACTION', 0],
    ['AWS_LAMBDA', 'IN_PROGRESS', 0],
    ['SOMETHING_NEW', 'AWAITING_ACTION', 0],
  ])('of %s %s: %i', (targetType, status, count) => {
    const hooks = [lifecycleHook({ targetType, status })]
    expect(pausesOf(deploymentRecord({ hooks }))).toHaveLength(count)
  })

  it.each(['PENDING', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'STOPPED', 'SUCCESSFUL'])(
    'is none while the deployment is %s: ECS would refuse the answer',
    (status) => {
      expect(pausesOf(deploymentRecord({ status, hooks: [lifecycleHook()] }))).toEqual([])
    },
  )

  it('is told with its stage, its end, and what ECS does then', () => {
    const record = deploymentRecord({ lifecycleStage: 'POST_SCALE_UP' })
    const expiresAt = new Date('2026-11-22T10:00:00Z')
    expect(describePause(record, lifecycleHook({ expiresAt }))).toBe(
      'pause hook ecs-pause-1 at stage POST_SCALE_UP, which rolls back at 2026-11-22T10:00:00.000Z',
    )
    expect(
      describePause(record, lifecycleHook({ expiresAt, timeoutAction: 'CONTINUE' })),
    ).toContain('which goes on by itself at 2026')
  })

  it('can be answered with what the text says', () => {
    const text = howToAnswer('arn:deployment', lifecycleHook())
    expect(text).toContain('`deployment-arn: arn:deployment`, `hook-id: ecs-pause-1`')
    expect(text).toContain('--service-deployment-arn arn:deployment --hook-id ecs-pause-1')
  })
})

describe('the record of a staged deployment', () => {
  it('is read with its hooks, weights and configuration', () => {
    const record = readServiceDeploymentRecord(
      {
        serviceDeployments: [
          {
            serviceDeploymentArn: 'sd/2',
            status: 'ROLLBACK_IN_PROGRESS',
            lifecycleStage: 'SCALE_UP',
            rollback: { reason: 'because' },
            lifecycleHookDetails: [
              { hookId: 'h', targetType: 'PAUSE', status: 'AWAITING_ACTION', expiresAt: 12.5 },
            ],
            sourceServiceRevisions: [{ arn: 'revision/1' }],
            targetServiceRevision: {
              ...{ arn: 'revision/2', runningTaskCount: 2 },
              ...{ requestedTestTrafficWeight: 0, requestedProductionTrafficWeight: 12.5 },
            },
            deploymentConfiguration: { strategy: 'CANARY', bakeTimeInMinutes: 3 },
          },
        ],
      },
      'sd/2',
    )
    expect(record).toMatchObject({
      ...{ rollingBack: true, rollbackReason: 'because', sourceRevisionArns: ['revision/1'] },
      hooks: [{ id: 'h', targetArn: undefined, expiresAt: new Date(12_500) }],
      target: { arn: 'revision/2', runningCount: 2, testTraffic: 0, productionTraffic: 12.5 },
      shift: { strategy: 'CANARY', bakeMs: 180_000, steps: [5, 100], stepBakeMs: 600_000 },
    })
  })
})
