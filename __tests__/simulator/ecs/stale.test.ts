import { describe, expect, it } from '@jest/globals'

import { textOf } from '../../../simulator/wire/json.ts'

import { deploy, look, web } from './deploys.ts'
import { objects, stage } from './stage.ts'

describe('ECS-44 DescribeServices that lags', () => {
  it('ECS-44 answers what was true a while ago, while UpdateService answers the truth', async () => {
    const set = await stage({}, { pace: { describeLagMs: 10_000 } })
    await set.running()
    const taskDefinition = await set.register()
    const { service } = await set.ask('UpdateService', { ...web, taskDefinition })
    expect(service).toMatchObject({ taskDefinition })
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
    set.seconds(9)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
    set.seconds(2)
    expect((await look(set))[0]).toMatch(/^PRIMARY IN_PROGRESS web:2/)
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
  })

  it('ECS-44 tells tags only when asked for, then as ever', async () => {
    const set = await stage({}, { pace: { describeLagMs: 10_000 } })
    const tags = [{ key: 'team', value: 'shop' }]
    await set.running({ tags })
    expect(await set.service()).not.toHaveProperty('tags')
    const input = { cluster: 'main', services: ['web'], include: ['TAGS'] }
    const [told] = objects((await set.ask('DescribeServices', input))['services'])
    expect(told?.['tags']).toEqual(tags)
  })
})

describe('ECS-55 history that is lost', () => {
  it('ECS-55 is MISSING and not listed, and what it told of goes on and is recorded anew', async () => {
    const set = await stage()
    await set.running()
    await deploy(set)
    set.seconds(10)
    const [record] = await set.records()
    const arn = textOf(record?.['serviceDeploymentArn']) ?? ''
    set.ecs.disturb({ kind: 'forget-deployments', ...web })
    expect((await set.ask('ListServiceDeployments', web))['serviceDeployments']).toEqual([])
    const input = { serviceDeploymentArns: [arn] }
    expect(await set.ask('DescribeServiceDeployments', input)).toEqual({
      serviceDeployments: [],
      failures: [{ arn, reason: 'MISSING' }],
    })
    const stop = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' }
    expect(await set.refusal('StopServiceDeployment', stop)).toMatch(
      /^ServiceDeploymentNotFoundException: /,
    )
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
    await deploy(set)
    set.seconds(200)
    expect(await set.records()).toMatchObject([{ status: 'SUCCESSFUL' }])
  })
})

describe('ECS-45 history', () => {
  it('ECS-45 of a deleted service is described even when its name is taken anew', async () => {
    const set = await stage()
    await set.running()
    await deploy(set)
    set.seconds(120)
    const old = (await set.records()).map((record) => textOf(record['serviceDeploymentArn']) ?? '')
    await set.ask('DeleteService', { ...web, force: true })
    set.seconds(60)
    expect(await set.records()).toHaveLength(2)
    await set.running()
    expect(await set.records()).toHaveLength(1)
    const answer = await set.ask('DescribeServiceDeployments', { serviceDeploymentArns: old })
    expect(objects(answer['serviceDeployments']).map((one) => one['status'])).toEqual([
      'SUCCESSFUL',
      'SUCCESSFUL',
    ])
  })

  it('ECS-45 ends after 90 days: MISSING', async () => {
    const set = await stage()
    await set.running()
    const [record] = await set.records()
    const arn = textOf(record?.['serviceDeploymentArn']) ?? ''
    set.seconds(90 * 86_400)
    const listed = await set.ask('ListServiceDeployments', web)
    expect(listed['serviceDeployments']).toEqual([])
    expect(await set.ask('DescribeServiceDeployments', { serviceDeploymentArns: [arn] })).toEqual({
      serviceDeployments: [],
      failures: [{ arn, reason: 'MISSING' }],
    })
  })
})
