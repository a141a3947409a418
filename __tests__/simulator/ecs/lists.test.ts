import { describe, expect, it } from '@jest/globals'

import type { Json, JsonObject } from '../../../simulator/wire/service.ts'

import { stage, type Stage } from './stage.ts'

/** An account with five of everything that is listed. */
async function five(): Promise<Stage> {
  const set = await stage()
  for (const index of [1, 2, 3, 4, 5]) {
    await set.ask('CreateCluster', { clusterName: `other-${index}` })
    await set.register({ family: `web-${index}` })
    await set.register()
    const taskDefinition = `web:${index}`
    const service = { cluster: 'main', serviceName: `web-${index}`, taskDefinition }
    await set.ask('CreateService', { ...service, desiredCount: 1 })
    await set.ask('UpdateService', {
      ...{ cluster: 'main', service: 'web-1', taskDefinition, forceNewDeployment: true },
    })
  }
  set.seconds(120)
  return set
}

const lists: readonly [string, string, JsonObject, number][] = [
  ['ListClusters', 'clusterArns', {}, 6],
  ['ListServices', 'serviceArns', { cluster: 'main' }, 5],
  ['ListTasks', 'taskArns', { cluster: 'main' }, 5],
  ['ListTaskDefinitions', 'taskDefinitionArns', { familyPrefix: 'web' }, 5],
  ['ListTaskDefinitionFamilies', 'families', { familyPrefix: 'web-' }, 5],
  ['ListServiceDeployments', 'serviceDeployments', { cluster: 'main', service: 'web-1' }, 6],
]

describe('ECS-42 lists', () => {
  it.each(lists)(
    'ECS-42 %s comes in pages that add up',
    async (operation, member, input, count) => {
      const set = await five()
      const all: Json[] = []
      let nextToken: Json | undefined
      let pages = 0
      do {
        const from = nextToken === undefined ? {} : { nextToken }
        const answer = await set.ask(operation, { ...input, ...from, maxResults: 2 })
        const items = answer[member]
        all.push(...(Array.isArray(items) ? items : []))
        nextToken = answer['nextToken']
        pages += 1
      } while (nextToken !== undefined)
      expect([new Set(all.map((one) => JSON.stringify(one))).size, pages]).toEqual([count, 3])
    },
  )

  it.each(lists)('ECS-42 %s refuses a token that it did not give', async (operation, _, input) => {
    const set = await five()
    for (const nextToken of ['x', Buffer.from('2').toString('base64url')]) {
      expect(await set.refusal(operation, { ...input, nextToken })).toBe(
        'InvalidParameterException: Invalid token.',
      )
    }
    expect(await set.refusal(operation, { ...input, maxResults: 101 })).toMatch(
      /maxResults must be/,
    )
  })

  it('ECS-42 a token is good for the question that it answers, in pages of any size', async () => {
    const set = await five()
    const first = await set.ask('ListTaskDefinitions', { familyPrefix: 'web', maxResults: 2 })
    const nextToken = first['nextToken'] ?? ''
    const other = { familyPrefix: 'web-1', nextToken }
    expect(await set.refusal('ListTaskDefinitions', other)).toContain('Invalid token.')
    const rest = await set.ask('ListTaskDefinitions', { familyPrefix: 'web', nextToken })
    expect(rest['taskDefinitionArns']).toHaveLength(3)
  })

  it('ECS-42 families are known by prefix and by whether a revision is ACTIVE', async () => {
    const set = await five()
    await set.ask('DeregisterTaskDefinition', { taskDefinition: 'web-2:1' })
    const families = async (input: JsonObject): Promise<unknown> =>
      (await set.ask('ListTaskDefinitionFamilies', input))['families']
    expect(await families({ familyPrefix: 'web-', status: 'ACTIVE' })).toEqual([
      ...['web-1', 'web-3', 'web-4', 'web-5'],
    ])
    expect(await families({ status: 'INACTIVE' })).toEqual(['web-2'])
    expect(await families({})).toContain('web-2')
  })

  it('ECS-42 ListServices filters by launch type and scheduling strategy', async () => {
    const set = await five()
    const count = async (filter: JsonObject): Promise<unknown> =>
      (await set.ask('ListServices', { cluster: 'main', ...filter }))['serviceArns']
    expect(await count({ launchType: 'EC2' })).toHaveLength(5)
    expect(await count({ launchType: 'FARGATE' })).toEqual([])
    expect(await count({ schedulingStrategy: 'DAEMON' })).toEqual([])
  })
})
