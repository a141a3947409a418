import { describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../../simulator/wire/service.ts'

import { alarm, deploy, history, until, web } from './deploys.ts'
import { member, objects, stage, type Stage } from './stage.ts'

const inSteps = (configuration: JsonObject): JsonObject => ({
  deploymentConfiguration: { bakeTimeInMinutes: 1, ...configuration },
})
const linear = (stepPercent: number, stepBakeTimeInMinutes: number): JsonObject => ({
  ...{ strategy: 'LINEAR' },
  linearConfiguration: { stepPercent, stepBakeTimeInMinutes },
})
const canary: JsonObject = {
  ...{ strategy: 'CANARY' },
  canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 },
}
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:check'

/** A service whose first deployment is over, and another one begun. */
async function deploying(configuration: JsonObject): Promise<Stage> {
  const set = await stage({})
  await set.running({ deploymentConfiguration: { strategy: 'BLUE_GREEN' } })
  set.seconds(480)
  await set.ask('UpdateService', { ...web, ...inSteps(configuration) })
  await deploy(set)
  return set
}

/** `green/blue` percent of the production traffic, as it changes, with the second of each change. */
async function productionTraffic(
  set: Stage,
  seconds: number,
): Promise<readonly [string, number][]> {
  const seen: [string, number][] = []
  for (let second = 0; second < seconds; second += 1) {
    const [record] = await set.records()
    const revisions = [
      member(record, 'targetServiceRevision'),
      ...objects(record?.['sourceServiceRevisions']),
    ]
    const line = revisions
      .map((revision) => Number(revision['requestedProductionTrafficWeight']))
      .join('/')
    if (seen.at(-1)?.[0] !== line) seen.push([line, second])
    set.seconds(1)
  }
  return seen
}

describe('ECS-54 traffic in steps', () => {
  it('ECS-54 moves by stepPercent, and what is left at last, with LINEAR', async () => {
    const set = await deploying(linear(40, 2))
    const seen = await productionTraffic(set, 500)
    expect(seen.map(([line]) => line)).toEqual(['0/100', '40/60', '80/20', '100/0'])
    const [, first = 0, second = 0, last = 0] = seen.map(([, at]) => at)
    expect(second - first).toBeGreaterThanOrEqual(120)
    expect(last - second).toBeGreaterThanOrEqual(120)
    expect(last - first).toBeLessThan(270)
    expect((await set.records())[0]?.['status']).toBe('SUCCESSFUL')
  })

  it('ECS-54 moves by canaryPercent, then all, with CANARY', async () => {
    const set = await deploying(canary)
    const seen = await productionTraffic(set, 400)
    expect(seen.map(([line]) => line)).toEqual(['0/100', '10/90', '100/0'])
    expect((await set.records())[0]?.['status']).toBe('SUCCESSFUL')
  })

  it('ECS-54 takes ten steps of six minutes where LINEAR says nothing else', async () => {
    const set = await deploying({ strategy: 'LINEAR' })
    const seen = await productionTraffic(set, 3_600)
    expect(seen.map(([line]) => line)).toEqual([
      ...['0/100', '10/90', '20/80', '30/70', '40/60', '50/50'],
      ...['60/40', '70/30', '80/20', '90/10', '100/0'],
    ])
  })

  it('ECS-54 comes back to the hooks of the production shift with every step', async () => {
    const hook = (at: string): JsonObject => ({
      ...{ targetType: 'AWS_LAMBDA', hookTargetArn: arn },
      ...{ roleArn: 'arn:aws:iam::123456789012:role/hooks', lifecycleStages: [at] },
    })
    const hooks = ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'].map(hook)
    const set = await deploying({ ...linear(50, 1), lifecycleHooks: hooks })
    set.seconds(400)
    const invoked = set.ecs.lambda.invocations.map(({ payload }) => payload['lifecycleStage'])
    expect(invoked).toEqual([
      ...['PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'],
      ...['PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'],
    ])
  })

  it('ECS-54 gives all of it back at once when an alarm goes off between two steps', async () => {
    const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
    const set = await deploying({ ...linear(25, 5), alarms })
    await until(set, async () => (await productionTraffic(set, 1))[0]?.[0] === '50/50')
    set.ecs.disturb(alarm('errors', 'ALARM'))
    expect(await history(set, 'status', 60)).toEqual([
      'IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_SUCCESSFUL',
    ])
    expect((await productionTraffic(set, 1))[0]?.[0]).toBe('0/100')
  })

  it.each<[string, JsonObject]>([
    ['stepPercent must be between 3 and 100', linear(2, 1)],
    ['stepBakeTimeInMinutes must be between 0 and 1440', linear(10, 1_441)],
    ['linearConfiguration requires the LINEAR', { ...linear(10, 1), strategy: 'CANARY' }],
    ['Invalid deployment strategy: SQUARE', { strategy: 'SQUARE' }],
  ])('ECS-54 refuses: %s', async (text, configuration) => {
    const set = await stage({})
    await set.running({})
    expect(await set.refusal('UpdateService', { ...web, ...inSteps(configuration) })).toContain(
      text,
    )
  })
})
