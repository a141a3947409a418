import { describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../../simulator/wire/service.ts'

import { objects, stage, type Stage } from './stage.ts'

const team = [{ key: 'team', value: 'shop' }]
const tier = [{ key: 'tier', value: 'web' }]

async function taskTags(set: Stage, include: string[]): Promise<unknown> {
  const { taskArns: tasks = [] } = await set.ask('ListTasks', { cluster: 'main' })
  const answer = await set.ask('DescribeTasks', { cluster: 'main', tasks, include })
  return objects(answer['tasks'])[0]?.['tags']
}

async function running(settings: JsonObject): Promise<Stage> {
  const set = await stage()
  await set.register({ tags: tier })
  const input = { cluster: 'main', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 }
  await set.ask('CreateService', { ...input, tags: team, ...settings })
  set.seconds(60)
  return set
}

describe('ECS-43 tags', () => {
  it.each<[JsonObject, JsonObject[]]>([
    [{}, []],
    [{ propagateTags: 'SERVICE' }, team],
    [{ propagateTags: 'TASK_DEFINITION' }, tier],
    [
      { enableECSManagedTags: true },
      [
        { key: 'aws:ecs:clusterName', value: 'main' },
        { key: 'aws:ecs:serviceName', value: 'web' },
      ],
    ],
  ])('ECS-43 with %j a service’s tasks have these', async (settings, tags) => {
    const set = await running(settings)
    expect(await taskTags(set, ['TAGS'])).toEqual(tags)
  })

  it('ECS-43 of services and tasks are answered only with include', async () => {
    const set = await running({ propagateTags: 'SERVICE' })
    expect(await taskTags(set, [])).toEqual([])
    const services = { cluster: 'main', services: ['web'] }
    const [bare] = objects((await set.ask('DescribeServices', services))['services'])
    expect(bare).not.toHaveProperty('tags')
    const full = await set.ask('DescribeServices', { ...services, include: ['TAGS'] })
    expect(objects(full['services'])[0]?.['tags']).toEqual(team)
  })

  it('ECS-43 RunTask propagates those of the definition when asked', async () => {
    const set = await stage()
    await set.register({ tags: tier })
    const input = { cluster: 'main', taskDefinition: 'web', tags: team }
    await set.ask('RunTask', { ...input, propagateTags: 'TASK_DEFINITION' })
    expect(await taskTags(set, ['TAGS'])).toEqual([...tier, ...team])
  })
})
