import { describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../../simulator/wire/service.ts'

import { alarm, deploy, look, until } from './deploys.ts'
import { member, stage, type Stage } from './stage.ts'

const early = (cleanup: 'BLOCKING' | 'DEFERRED', changes: JsonObject = {}): JsonObject => ({
  desiredCount: 4,
  deploymentConfiguration: {
    minimumHealthyPercent: 50,
    maximumPercent: 100,
    earlySuccessCriteria: {
      enable: true,
      healthyPercent: 50,
      sourceServiceRevisionCleanup: cleanup,
    },
    ...changes,
  },
})

const successful = (set: Stage) => async (): Promise<boolean> =>
  (await set.records())[0]?.['status'] === 'SUCCESSFUL'

describe('ECS-35 early success', () => {
  it('ECS-35 DEFERRED is successful at healthyPercent, and old tasks go in the background', async () => {
    const set = await stage({ 'web:1': { stopsAfterMs: 25_000 } })
    await set.running(early('DEFERRED'))
    await deploy(set)
    expect(await until(set, successful(set))).toBe(true)
    const [primary, old] = await look(set)
    expect(primary).toBe('PRIMARY COMPLETED web:2 2/4')
    expect(old).toMatch(/^ACTIVE COMPLETED web:1 /)
    const frozen = member((await set.records())[0], 'targetServiceRevision')
    expect(frozen['runningTaskCount']).toBe(2)
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 4/4'])
    expect(member((await set.records())[0], 'targetServiceRevision')).toEqual(frozen)
  })

  it('ECS-35 BLOCKING waits until the old tasks are gone', async () => {
    const set = await stage({ 'web:1': { stopsAfterMs: 25_000 } })
    await set.running(early('BLOCKING'))
    await deploy(set)
    expect(await until(set, successful(set))).toBe(true)
    expect(await look(set)).toEqual([expect.stringMatching(/^PRIMARY COMPLETED web:2 [234]\/4$/)])
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 4/4'])
  })

  it('ECS-35 the circuit breaker and the alarms end with SUCCESSFUL', async () => {
    const set = await stage({}, { pace: { alarmBakeMs: 1_000 } })
    const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
    await set.running(early('DEFERRED', { alarms }))
    await deploy(set)
    expect(await until(set, successful(set))).toBe(true)
    set.ecs.disturb(alarm('errors', 'ALARM'))
    set.seconds(200)
    expect((await set.records())[0]).toMatchObject({
      status: 'SUCCESSFUL',
      alarms: { status: 'MONITORING_COMPLETE' },
    })
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 4/4'])
  })

  it.each([
    [{ enable: true, healthyPercent: 40 }, 'healthyPercent must be at least minimumHealthyPercent'],
    [{ enable: true }, 'healthyPercent must be an integer between 0 and 100'],
    [{ enable: true, healthyPercent: 60 }, 'sourceServiceRevisionCleanup must be'],
  ])('ECS-46 refuses %j', async (earlySuccessCriteria, text) => {
    const set = await stage()
    await set.register()
    const deploymentConfiguration = { minimumHealthyPercent: 50, earlySuccessCriteria }
    const input = { cluster: 'main', serviceName: 'web', taskDefinition: 'web' }
    expect(await set.refusal('CreateService', { ...input, deploymentConfiguration })).toContain(
      `InvalidParameterException: ${text}`,
    )
  })
})
