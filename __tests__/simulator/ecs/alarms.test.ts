import { describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../../simulator/wire/service.ts'

import { alarm, deploy, history, look } from './deploys.ts'
import { member, stage, withoutIds } from './stage.ts'

const watched = (changes: JsonObject = {}): JsonObject => ({
  deploymentConfiguration: {
    alarms: { alarmNames: ['errors', 'latency'], enable: true, rollback: true },
    bakeTimeInMinutes: 2,
    ...changes,
  },
})

describe('ECS-33 deployment alarms', () => {
  it('ECS-33 an alarm during the rollout rolls it back, and everything says why', async () => {
    const set = await stage()
    await set.running(watched())
    set.seconds(120)
    await deploy(set)
    set.seconds(10)
    set.ecs.disturb(alarm('latency', 'ALARM'))
    expect(await history(set, 'status', 60)).toEqual([
      'IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_SUCCESSFUL',
    ])
    expect((await set.records())[0]).toMatchObject({
      statusReason: 'Service deployment rolled back because an alarm was triggered.',
      alarms: {
        status: 'TRIGGERED',
        alarmNames: ['errors', 'latency'],
        triggeredAlarmNames: ['latency'],
      },
    })
    expect((await set.events()).map(withoutIds)).toEqual(
      expect.arrayContaining([
        '(service web) (deployment ecs-svc/N) deployment failed: alarm detected.',
        '(service web) rolling back to deployment ecs-svc/N.',
      ]),
    )
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
  })

  it('ECS-33 without rollback the deployment is FAILED and its record STOPPED', async () => {
    const set = await stage()
    const alarms = { alarmNames: ['errors'], enable: true, rollback: false }
    await set.running(watched({ alarms }))
    set.seconds(120)
    await deploy(set)
    set.seconds(10)
    set.ecs.disturb(alarm('errors', 'ALARM'))
    set.seconds(10)
    expect(await set.deployments()).toMatchObject([
      { rolloutState: 'FAILED', rolloutStateReason: 'ECS deployment failed: alarm detected.' },
      { status: 'ACTIVE', rolloutState: 'COMPLETED' },
    ])
    expect((await set.records())[0]).toMatchObject({
      status: 'STOPPED',
      alarms: { status: 'TRIGGERED' },
    })
  })

  it('ECS-33 an alarm that is in ALARM before the deployment is not watched', async () => {
    const set = await stage()
    await set.running(watched())
    set.seconds(120)
    set.ecs.disturb(alarm('errors', 'ALARM'))
    await deploy(set)
    set.seconds(90)
    expect((await set.records())[0]).toMatchObject({
      status: 'SUCCESSFUL',
      alarms: { status: 'DISABLED', triggeredAlarmNames: [] },
    })
  })

  it('ECS-33 an alarm that nobody named, and one that is OK again in time, change nothing', async () => {
    const set = await stage()
    await set.running(watched())
    set.seconds(120)
    await deploy(set)
    set.ecs.disturb(alarm('other', 'ALARM'))
    set.seconds(5)
    set.ecs.disturb(alarm('errors', 'ALARM'))
    set.ecs.disturb(alarm('errors', 'OK'))
    set.seconds(300)
    expect((await set.records())[0]).toMatchObject({
      status: 'SUCCESSFUL',
      alarms: { status: 'MONITORING_COMPLETE' },
    })
  })
})

describe('ECS-34 the bake of a rolling deployment', () => {
  it('ECS-34 lasts bakeTimeInMinutes after the old tasks are gone, IN_PROGRESS all the while', async () => {
    const set = await stage()
    await set.running(watched())
    set.seconds(120)
    await deploy(set)
    set.seconds(100)
    expect(await look(set)).toEqual(['PRIMARY IN_PROGRESS web:2 2/2', 'ACTIVE COMPLETED web:1 0/0'])
    expect(member((await set.records())[0], 'alarms')['status']).toBe('MONITORING')
    set.seconds(100)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
  })

  it('ECS-34 an alarm in the bake brings the old tasks back', async () => {
    const set = await stage()
    await set.running(watched())
    set.seconds(120)
    await deploy(set)
    set.seconds(100)
    set.ecs.disturb(alarm('errors', 'ALARM'))
    expect(await history(set, 'status', 120)).toEqual([
      'IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_SUCCESSFUL',
    ])
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
  })

  it('ECS-34 with a bake time of 0 the time is of the service’s own choosing', async () => {
    const set = await stage({}, { pace: { alarmBakeMs: 600_000 } })
    await set.running(watched({ bakeTimeInMinutes: 0 }))
    set.seconds(400)
    expect(await look(set)).toEqual(['PRIMARY IN_PROGRESS web:1 2/2'])
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
  })

  it('ECS-34 without alarms there is none', async () => {
    const set = await stage()
    await set.running({ deploymentConfiguration: { bakeTimeInMinutes: 30 } })
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
  })
})
