import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { nameOf } from '../../../simulator/ecs/arn.ts'
import type { Disturbance } from '../../../simulator/ecs/disturbance.ts'
import type { Behaviour } from '../../../simulator/ecs/drivers/behaviour.ts'
import { textOf } from '../../../simulator/wire/json.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { web } from './deploys.ts'
import { objects, stage, type Stage } from './stage.ts'

const behaviours: readonly Behaviour[] = [
  {},
  { pullMs: 20_000 },
  { exitsAfterMs: 2_000, exitCode: 1 },
  { failsToPull: 'CannotPullContainerError: not found' },
]
const disturbances: readonly Disturbance[] = [
  { kind: 'interrupt-spot', ...web, tasks: 2 },
  { kind: 'stop-tasks', ...web },
  { kind: 'lose-capacity', ...web, failure: 'fargate-capacity', forMs: 45_000 },
  { kind: 'scale', ...web, desiredCount: 3 },
  { kind: 'set-alarm', alarm: 'errors', state: 'ALARM' },
  { kind: 'set-alarm', alarm: 'errors', state: 'OK' },
]

const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 90 }) }),
  fc.record({ kind: fc.constant('deploy' as const), behaviour: fc.nat(behaviours.length - 1) }),
  fc.record({ kind: fc.constant('scale' as const), desiredCount: fc.nat(5) }),
  fc.record({ kind: fc.constant('disturb' as const), which: fc.nat(disturbances.length - 1) }),
  fc.record({ kind: fc.constant('move' as const) }),
  fc.record({ kind: fc.constant('stop' as const) }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

async function take(set: Stage, one: Step, script: Record<string, Behaviour>): Promise<void> {
  switch (one.kind) {
    case 'wait':
      set.seconds(one.seconds)
      return
    case 'scale':
      await set.ask('UpdateService', { ...web, desiredCount: one.desiredCount })
      return
    case 'deploy': {
      const taskDefinition = await set.register()
      script[nameOf(taskDefinition)] = behaviours[one.behaviour] ?? {}
      set.driver.follow(script)
      await set.ask('UpdateService', { ...web, taskDefinition })
      return
    }
    case 'disturb':
      set.ecs.disturb(disturbances[one.which] ?? { kind: 'rebalance', ...web })
      return
    case 'move':
      try {
        set.ecs.disturb({ kind: 'rebalance', ...web })
      } catch (error) {
        // There may be no healthy task to move at the moment.
        expect(String(error)).toContain('no healthy task')
      }
      return
    case 'stop': {
      const serviceDeploymentArn = (await set.records())[0]?.['serviceDeploymentArn'] ?? ''
      await set.refusal('StopServiceDeployment', { serviceDeploymentArn })
    }
  }
}

const over = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'])

async function expectSettled(set: Stage): Promise<void> {
  const records = await set.records()
  const statuses = records.map((record) => textOf(record['status']) ?? '')
  expect(statuses.filter((status) => !over.has(status))).toEqual([])
  const service = await set.service()
  const [primary, ...rest] = objects(service['deployments'])
  expect(primary?.['taskDefinition']).toBe(service['taskDefinition'])
  if (statuses[0] === 'ROLLBACK_FAILED') {
    expect(primary?.['rolloutState']).toBe('FAILED')
    return
  }
  expect([rest, primary?.['rolloutState']]).toEqual([[], 'COMPLETED'])
  expect([service['runningCount'], service['pendingCount']]).toEqual([service['desiredCount'], 0])
}

const early = (sourceServiceRevisionCleanup: string): JsonObject => ({
  minimumHealthyPercent: 50,
  earlySuccessCriteria: { enable: true, healthyPercent: 60, sourceServiceRevisionCleanup },
})

describe('ECS-28 whatever happens to a service', () => {
  it.each<[string, JsonObject]>([
    ['rolling', {}],
    ['blue/green', { strategy: 'BLUE_GREEN' }],
    ['early success, BLOCKING', early('BLOCKING')],
    ['early success, DEFERRED', early('DEFERRED')],
  ])(
    'ECS-28 %s: there is one PRIMARY, every record ends, and the service settles on what it says',
    async (_, changes) => {
      const deploymentConfiguration = {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { enable: true, rollback: true, alarmNames: ['errors'] },
        bakeTimeInMinutes: 1,
        ...changes,
      }
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
          const set = await stage()
          const script: Record<string, Behaviour> = {}
          await set.running({ deploymentConfiguration })
          set.seconds(120)
          for (const one of steps) {
            await take(set, one, script)
            const primaries = (await set.deployments()).filter(
              (deployment) => deployment['status'] === 'PRIMARY',
            )
            expect(primaries).toHaveLength(1)
          }
          set.driver.follow({})
          set.seconds(7_200)
          await expectSettled(set)
        }),
        { numRuns: 100 },
      )
    },
  )
})
