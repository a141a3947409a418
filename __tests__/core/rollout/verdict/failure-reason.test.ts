import { describe, expect, it } from '@jest/globals'

import type { LifecycleHook } from '../../../../src/core/rollout/observation/lifecycle-hook.ts'
import type { ServiceDeploymentRecord } from '../../../../src/core/rollout/observation/service-deployment-record.ts'
import { readServiceView } from '../../../../src/core/rollout/observation/observation.ts'
import { failureReason } from '../../../../src/core/rollout/verdict/failure-reason.ts'
import { remember, type Memory } from '../../../../src/core/rollout/verdict/watch.ts'
import { deploymentRecord, lifecycleHook } from '../../../support/deployment-record.ts'

const watched = {
  ...{ deploymentId: 'ecs-svc/2', previousTaskDefinitionArn: 'td/web:1', staged: true },
  guards: { breaker: true, alarms: true, rollback: true },
}

/** What is told of a rollback, after a look at that stage. */
function reasonAfter(
  lifecycleStage: string | undefined,
  hooks: readonly LifecycleHook[],
  end: Partial<ServiceDeploymentRecord>,
): string | undefined {
  const service = readServiceView({})
  const looks = [
    deploymentRecord({ lifecycleStage, hooks }),
    deploymentRecord({ status: 'ROLLBACK_SUCCESSFUL', rollingBack: true, ...end }),
  ]
  let memory: Memory | undefined
  for (const [look, record] of looks.entries()) {
    const seen = { atMs: look * 4_000, service, record, newer: undefined }
    memory = remember(memory, seen, watched.deploymentId)
  }
  return memory && failureReason(watched, memory)
}

const byHook = 'Service deployment rolled back because a lifecycle hook failed.'
const byAlarm = 'Service deployment rolled back because an alarm was triggered.'
const lambda = (name: string, status: string) =>
  lifecycleHook({ targetType: 'AWS_LAMBDA', targetArn: `arn:${name}`, status })

describe('the reason of a failure', () => {
  it('names the alarms that ECS only speaks of', () => {
    const end = { rollbackReason: byAlarm, triggeredAlarms: ['errors', 'latency'] }
    expect(reasonAfter(undefined, [], end)).toBe(
      'Service deployment rolled back because an alarm was triggered: errors, latency',
    )
  })

  it('does not blame alarms for what ECS blames something else for', () => {
    const rollbackReason = 'Service deployment rolled back because a user requested it.'
    expect(reasonAfter(undefined, [], { rollbackReason, triggeredAlarms: ['errors'] })).toBe(
      'Service deployment rolled back because a user requested it',
    )
  })

  it('names a hook that was seen, at its stage', () => {
    const hooks = [lambda('good', 'SUCCEEDED'), lambda('bad', 'FAILED')]
    expect(reasonAfter('POST_SCALE_UP', hooks, { rollbackReason: byHook })).toContain(
      'hook failed, at stage POST_SCALE_UP, Lambda hook arn:bad',
    )
  })

  it.each([
    [
      'the only one to come',
      ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT'] as const,
      'last seen at stage TEST_TRAFFIC_SHIFT: Lambda hook arn:f at stage POST_TEST_TRAFFIC_SHIFT',
    ],
    [
      'each of those to come',
      ['POST_TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'] as const,
      'last seen at stage TEST_TRAFFIC_SHIFT: one of Lambda hook arn:f at stage POST_TEST_TRAFFIC_SHIFT, ' +
        'Lambda hook arn:f at stage PRODUCTION_TRAFFIC_SHIFT',
    ],
    [
      'none where all have passed',
      ['PRE_SCALE_UP'] as const,
      'last seen at stage TEST_TRAFFIC_SHIFT',
    ],
  ])('of hooks that nobody saw names %s', (_what, lifecycleStages, told) => {
    const hookSettings = [
      { targetArn: 'arn:f', lifecycleStages },
      { targetArn: undefined, lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] as const },
    ]
    const end = { rollbackReason: byHook, hookSettings }
    expect(reasonAfter('TEST_TRAFFIC_SHIFT', [], end)).toBe(`${byHook.slice(0, -1)}, ${told}`)
  })

  it('counts the hooks of the steps before the traffic has all moved', () => {
    const lifecycleStages = ['PRE_PRODUCTION_TRAFFIC_SHIFT'] as const
    const end = { rollbackReason: byHook, hookSettings: [{ targetArn: 'arn:f', lifecycleStages }] }
    expect(reasonAfter('PRODUCTION_TRAFFIC_SHIFT', [], end)).toContain(
      'Lambda hook arn:f at stage PRE_PRODUCTION_TRAFFIC_SHIFT',
    )
  })
})
