import { describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../../simulator/wire/service.ts'

import { alarm, deploy, history, look, until, web } from './deploys.ts'
import { member, objects, stage, type Stage } from './stage.ts'

const blueGreen = (changes: JsonObject = {}): JsonObject => ({
  deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5, ...changes },
})
const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } }
const crashes = { exitsAfterMs: 2_000, exitCode: 1 }

const stageNow = async (set: Stage): Promise<unknown> =>
  (await set.records())[0]?.['lifecycleStage']

/** `green blue` shares of the newest deployment, as `test/production` percent. */
async function weights(set: Stage): Promise<string> {
  const [record] = await set.records()
  const revisions = [
    member(record, 'targetServiceRevision'),
    ...objects(record?.['sourceServiceRevisions']),
  ]
  return revisions
    .map((one) =>
      [one['requestedTestTrafficWeight'], one['requestedProductionTrafficWeight']]
        .map(Number)
        .join('/'),
    )
    .join(' ')
}

async function running(settings: JsonObject, script = {}): Promise<Stage> {
  const set = await stage(script)
  await set.running(settings)
  set.seconds(480)
  return set
}

describe('ECS-36 the stages of a blue/green deployment', () => {
  it('ECS-36 come in order, and blue runs until CLEAN_UP', async () => {
    const set = await running(blueGreen())
    await deploy(set)
    expect(await history(set, 'lifecycleStage', 420)).toEqual([
      'PRE_SCALE_UP',
      'SCALE_UP',
      'POST_SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'POST_TEST_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
      'CLEAN_UP',
      null,
    ])
    expect((await set.records())[0]?.['status']).toBe('SUCCESSFUL')
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
  })

  it('ECS-36 both revisions run in the bake, for bakeTimeInMinutes', async () => {
    const set = await running(blueGreen())
    await deploy(set)
    await until(set, async () => (await stageNow(set)) === 'BAKE_TIME')
    set.seconds(295)
    expect(await stageNow(set)).toBe('BAKE_TIME')
    expect(await look(set)).toEqual(['PRIMARY IN_PROGRESS web:2 2/2', 'ACTIVE COMPLETED web:1 2/2'])
    set.seconds(8)
    expect(await stageNow(set)).not.toBe('BAKE_TIME')
  })

  it('ECS-36 blue is kept at the desired count, green as well', async () => {
    const set = await running(blueGreen())
    await deploy(set)
    await until(set, async () => (await stageNow(set)) === 'BAKE_TIME')
    set.ecs.disturb({ kind: 'interrupt-spot', ...web, tasks: 4 })
    set.ecs.disturb({ kind: 'scale', ...web, desiredCount: 3 })
    set.seconds(60)
    expect(await look(set)).toEqual(['PRIMARY IN_PROGRESS web:2 3/3', 'ACTIVE COMPLETED web:1 3/3'])
  })

  it('ECS-36 the service is reconciled when several revisions are ACTIVE', async () => {
    const set = await running(blueGreen())
    await deploy(set)
    set.seconds(30)
    await deploy(set)
    const stages = await history(set, 'lifecycleStage', 420)
    expect(stages[0]).toBe('RECONCILE_SERVICE')
    expect((await set.records()).map((record) => record['status'])).toEqual([
      'SUCCESSFUL',
      'STOPPED',
      'SUCCESSFUL',
    ])
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:3 2/2'])
  })

  it('ECS-36 a rolling deployment reports no stage', async () => {
    const set = await running({})
    await deploy(set)
    expect(await history(set, 'lifecycleStage', 100)).toEqual([null])
  })
})

describe('ECS-37 traffic', () => {
  it('ECS-37 test traffic shifts first, then production, all at once', async () => {
    const set = await running(blueGreen())
    await deploy(set)
    const seen: string[] = []
    for (let second = 0; second < 420; second += 1) {
      const line = await weights(set)
      if (seen.at(-1) !== line) seen.push(line)
      set.seconds(1)
    }
    expect(seen).toEqual(['0/0 0/100', '100/0 0/100', '100/100 0/0', '0/100 0/0'])
  })
})

describe('ECS-40 a blue/green deployment that fails', () => {
  it('ECS-40 by the circuit breaker while it scales up, never gets traffic', async () => {
    const set = await running(blueGreen(breaker), { 'web:2': crashes })
    await deploy(set)
    const before = await history(set, 'status', 100)
    expect(before).toEqual([
      'PENDING',
      'IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_SUCCESSFUL',
    ])
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
    expect(await weights(set)).toBe('0/0 0/100')
  })

  it('ECS-40 by an alarm in the bake, gives the traffic back before its tasks go', async () => {
    const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
    const set = await running(blueGreen({ alarms }))
    await deploy(set)
    await until(set, async () => (await stageNow(set)) === 'BAKE_TIME')
    set.ecs.disturb(alarm('errors', 'ALARM'))
    set.seconds(1)
    expect(await history(set, 'lifecycleStage', 60)).toEqual([
      'SCALE_UP',
      'PRODUCTION_TRAFFIC_SHIFT',
      'TEST_TRAFFIC_SHIFT',
      'CLEAN_UP',
      null,
    ])
    expect((await set.records())[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
    })
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
  })

  it('ECS-40 StopServiceDeployment rolls back from any stage', async () => {
    for (const wanted of ['PRE_SCALE_UP', 'SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'BAKE_TIME']) {
      const set = await running(blueGreen())
      await deploy(set)
      await until(set, async () => (await stageNow(set)) === wanted)
      const serviceDeploymentArn = (await set.records())[0]?.['serviceDeploymentArn'] ?? ''
      await set.ask('StopServiceDeployment', { serviceDeploymentArn })
      set.seconds(60)
      expect([wanted, (await set.records())[0]?.['status']]).toEqual([
        wanted,
        'ROLLBACK_SUCCESSFUL',
      ])
      expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
    }
  })

  it('ECS-40 the first deployment has nothing to return to', async () => {
    const set = await stage({ web: crashes })
    await set.running(blueGreen(breaker))
    expect((await set.records())[0]).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    })
  })

  it('ECS-40 a revision that was deregistered is no rollback target', async () => {
    const set = await running(blueGreen(breaker), { 'web:2': crashes })
    await deploy(set)
    await set.ask('DeregisterTaskDefinition', { taskDefinition: 'web:1' })
    set.seconds(100)
    expect((await set.records())[0]).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'Service deployment rollback failed because the task definition is inactive.',
    })
  })
})
