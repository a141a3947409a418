import { expect } from '@jest/globals'

import { alarm, deploy, until, web } from './deploys.ts'
import {
  alarms,
  breaker,
  configured,
  crashing,
  deployAndWait,
  force,
  newest,
  returned,
  rolledBack,
  stable,
  twoGood,
  unpullable,
  type Scenario,
} from './scenario.ts'
import { member, type Stage } from './stage.ts'

/** Rolling deployments, numbered as the list of scenarios has them. */
export const rolling: readonly Scenario[] = [
  { number: 1, what: 'rolling ok', play: deployAndWait, records: twoGood, ends: stable },
  {
    ...{ number: 2, what: 'rolling ok, with stale reads' },
    options: { pace: { listLagMs: 20_000, currentLagMs: 20_000, describeLagMs: 5_000 } },
    ...{ play: deployAndWait, records: twoGood, ends: stable },
  },
  {
    ...{ number: 3, what: 'the image cannot be pulled, the breaker rolls back' },
    ...{ tasks: unpullable, settings: configured(breaker(true)) },
    ...{ play: deployAndWait, records: rolledBack, ends: returned },
  },
  {
    ...{ number: 4, what: 'the same, and the rollback fails as well' },
    ...{ tasks: unpullable },
    settings: configured({ ...breaker(true), minimumHealthyPercent: 0, maximumPercent: 100 }),
    play: async (set: Stage): Promise<void> => {
      await deploy(set)
      set.driver.follow({ web: crashing })
      set.seconds(300)
    },
    records: ['ROLLBACK_FAILED', 'SUCCESSFUL'],
    ends: ['PRIMARY FAILED web:1 0/2', 'ACTIVE FAILED web:2 0/0'],
  },
  {
    ...{ number: 5, what: 'the breaker without rollback' },
    ...{ tasks: crashing, settings: configured(breaker(false)), play: deployAndWait },
    records: ['STOPPED', 'SUCCESSFUL'],
    ends: ['PRIMARY FAILED web:2 0/2', 'ACTIVE COMPLETED web:1 2/2'],
  },
  {
    ...{ number: 6, what: 'no breaker, a crash loop without end' },
    ...{ tasks: { ...crashing, exitsAfterMs: 0 }, play: deployAndWait },
    records: ['IN_PROGRESS', 'SUCCESSFUL'],
    ends: [expect.stringMatching(/^PRIMARY IN_PROGRESS web:2/), 'ACTIVE COMPLETED web:1 2/2'],
    also: async (set: Stage): Promise<void> => {
      expect(Number((await set.deployments())[0]?.['failedTasks'])).toBeGreaterThan(50)
    },
  },
  {
    ...{ number: 8, what: 'an alarm in the bake' },
    settings: configured({ alarms, bakeTimeInMinutes: 1 }),
    play: async (set: Stage): Promise<void> => {
      await deploy(set)
      set.seconds(80)
      set.ecs.disturb(alarm('errors', 'ALARM'))
      set.seconds(200)
    },
    ...{ records: rolledBack, ends: returned },
    also: async (set: Stage): Promise<void> => {
      expect(member(await newest(set), 'alarms')).toMatchObject({ status: 'TRIGGERED' })
    },
  },
  {
    ...{ number: 9, what: 'superseded after 20 s' },
    play: async (set: Stage): Promise<void> => {
      await deploy(set)
      set.seconds(20)
      await deployAndWait(set)
    },
    records: ['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL'],
    ends: ['PRIMARY COMPLETED web:3 2/2'],
  },
  {
    ...{ number: 10, what: 'superseded right after SUCCESSFUL' },
    play: async (set: Stage): Promise<void> => {
      await deploy(set)
      await until(set, async () => (await newest(set))['status'] === 'SUCCESSFUL')
      await deployAndWait(set)
    },
    records: ['SUCCESSFUL', ...twoGood],
    ends: ['PRIMARY COMPLETED web:3 2/2'],
  },
  {
    ...{ number: 11, what: 'an unchanged task definition is no deployment' },
    play: async (set: Stage): Promise<void> => {
      await set.ask('UpdateService', { ...web, taskDefinition: 'web:1' })
    },
    ...{ records: ['SUCCESSFUL'], ends: returned },
  },
  {
    ...{ number: 12, what: 'the same definition by force, then rolled back' },
    settings: configured(breaker(true)),
    play: async (set: Stage): Promise<void> => {
      set.driver.follow({ web: crashing })
      await set.ask('UpdateService', force)
      await until(set, async () => (await newest(set))['status'] === 'ROLLBACK_IN_PROGRESS')
      set.driver.follow({})
      set.seconds(120)
    },
    ...{ records: rolledBack, ends: returned },
  },
  {
    ...{ number: 13, what: 'a desired count of 0' },
    play: async (set: Stage): Promise<void> => {
      await deploy(set, { desiredCount: 0 })
      set.seconds(120)
    },
    ...{ records: twoGood, ends: ['PRIMARY COMPLETED web:2 0/0'] },
  },
  {
    ...{ number: 14, what: 'autoscaling from 2 to 6 in mid-deploy' },
    play: async (set: Stage): Promise<void> => {
      await deploy(set)
      set.seconds(15)
      set.ecs.disturb({ kind: 'scale', ...web, desiredCount: 6 })
      set.seconds(300)
    },
    ...{ records: twoGood, ends: ['PRIMARY COMPLETED web:2 6/6'] },
  },
  {
    ...{ number: 15, what: 'rebalancing, scaling in and Spot are no failures' },
    settings: configured(breaker(true)),
    play: async (set: Stage): Promise<void> => {
      set.ecs.disturb({ kind: 'scale', ...web, desiredCount: 4 })
      set.seconds(120)
      await deploy(set)
      set.seconds(20)
      set.ecs.disturb({ kind: 'rebalance', ...web })
      set.ecs.disturb({ kind: 'interrupt-spot', ...web, tasks: 6 })
      set.seconds(30)
      set.ecs.disturb({ kind: 'scale', ...web, desiredCount: 2 })
      set.seconds(300)
    },
    ...{ records: twoGood, ends: stable },
    also: async (set: Stage): Promise<void> => {
      expect(member(await newest(set), 'deploymentCircuitBreaker')['failureCount']).toBe(0)
    },
  },
]
