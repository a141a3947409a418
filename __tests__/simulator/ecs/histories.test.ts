import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { nameOf } from '../../../simulator/ecs/arn.ts'
import type { Behaviour } from '../../../simulator/ecs/drivers/behaviour.ts'
import { textOf } from '../../../simulator/wire/json.ts'

import { objects, stage } from './stage.ts'

const behaviours: readonly Behaviour[] = [
  {},
  { pullMs: 20_000 },
  { exitsAfterMs: 2_000, exitCode: 1 },
  { failsToPull: 'CannotPullContainerError: not found' },
]

const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 90 }) }),
  fc.record({ kind: fc.constant('deploy' as const), behaviour: fc.nat(behaviours.length - 1) }),
  fc.record({ kind: fc.constant('scale' as const), desiredCount: fc.nat(5) }),
  fc.record({ kind: fc.constant('stop' as const) }),
)

const over = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL'])

describe('ECS-28 whatever happens to a service', () => {
  it('ECS-28 it has one PRIMARY, every record ends, and the last good definition wins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const set = await stage()
        const script: Record<string, Behaviour> = {}
        const deploymentCircuitBreaker = { enable: true, rollback: true }
        await set.running({ deploymentConfiguration: { deploymentCircuitBreaker } })
        for (const one of steps) {
          if (one.kind === 'wait') set.seconds(one.seconds)
          if (one.kind === 'scale') {
            const { desiredCount } = one
            await set.ask('UpdateService', { cluster: 'main', service: 'web', desiredCount })
          }
          if (one.kind === 'deploy') {
            const taskDefinition = await set.register()
            script[nameOf(taskDefinition)] = behaviours[one.behaviour] ?? {}
            set.driver.follow(script)
            await set.ask('UpdateService', { cluster: 'main', service: 'web', taskDefinition })
          }
          if (one.kind === 'stop') {
            const [record] = await set.records()
            const serviceDeploymentArn = record?.['serviceDeploymentArn'] ?? ''
            await set.refusal('StopServiceDeployment', { serviceDeploymentArn })
          }
          const primaries = (await set.deployments()).filter((one) => one['status'] === 'PRIMARY')
          expect(primaries).toHaveLength(1)
        }
        set.driver.follow({})
        set.seconds(7_200)
        const statuses = (await set.records()).map((record) => record['status'])
        expect(statuses.filter((status) => !over.has(textOf(status) ?? ''))).toEqual([])
        const service = await set.service()
        const [primary, ...rest] = objects(service['deployments'])
        expect([rest, primary?.['rolloutState']]).toEqual([[], 'COMPLETED'])
        expect(primary?.['taskDefinition']).toBe(service['taskDefinition'])
        expect([service['runningCount'], service['pendingCount']]).toEqual([
          service['desiredCount'],
          0,
        ])
      }),
      { numRuns: 150 },
    )
  })
})
