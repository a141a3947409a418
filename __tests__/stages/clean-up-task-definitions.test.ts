import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { objectsAt, stringsAt, type JsonObject } from '../../src/core/json.ts'
import { ownTagKey } from '../../src/core/task-definition/own-tag.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { cleanUpTaskDefinitions } from '../../src/stages/deploy/clean-up-task-definitions.ts'
import { registerTaskDefinition } from '../../src/stages/deploy/register-task-definition.ts'
import { EcsWorld, taskDefinition, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { allowed, failure, throttled } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

const ours = { key: ownTagKey, value: 'octo/shop' }

/** `web:1` runs; further revisions of the family, from 2 on, are tagged as given. */
async function createWorld(
  tags: readonly (JsonObject | undefined)[],
  options: WorldOptions = {},
): Promise<EcsWorld> {
  const world = await EcsWorld.create(options)
  current = world
  for (const tag of tags) await register(world, tag)
  return world
}

async function register(world: EcsWorld, tag: JsonObject | undefined): Promise<void> {
  const tags = tag === undefined ? [] : [tag]
  await world.call('RegisterTaskDefinition', { ...taskDefinition, tags })
}

/** A release that keeps five revisions, as `deploy-services` and `carry-out` make it. */
async function release(world: EcsWorld, session: AwsSession = world.session): Promise<string> {
  const deploy = { keepTaskDefinitions: 5 }
  const image = pushedImage(1)
  const plan = await world.plan(deploy, image)
  const outcome = await world.deploy(image, deploy)
  await cleanUpTaskDefinitions([plan], [outcome], session, world.ports)
  return outcome.outcome
}

/** The numbers of the revisions that are ACTIVE. */
async function active(world: EcsWorld): Promise<readonly number[]> {
  const answer = await world.call('ListTaskDefinitions', { familyPrefix: 'web', status: 'ACTIVE' })
  return stringsAt(answer, 'taskDefinitionArns').map((arn) => Number(arn.split(':').at(-1)))
}

const times = <T>(count: number, value: T): readonly T[] =>
  Array.from({ length: count }, () => value)

describe('keep-task-definitions', () => {
  it('deregisters our old revisions, and neither the newest nor the one before', async () => {
    const world = await createWorld(times(8, ours))
    expect(await release(world)).toBe('deployed')
    // 10 is deployed, 6 to 10 are the newest, 1 was deployed before.
    expect(await active(world)).toEqual([1, 6, 7, 8, 9, 10])
    expect(world.report.lines.join('\n')).toContain(
      'deregistered web:5, web:4, web:3, web:2; the newest 5 stay',
    )
    expect(world.requests('DeleteTaskDefinitions')).toBe(0)
  })

  it('tags what it registers, besides the tags that are there', async () => {
    const team = { key: 'team', value: 'shop' }
    const world = await createWorld([], { definition: { tags: [team] } })
    await release(world)
    const input = { taskDefinition: 'web:2', include: ['TAGS'] }
    expect((await world.call('DescribeTaskDefinition', input))['tags']).toEqual([team, ours])
  })

  it('leaves revisions that others registered, another repository of ours included', async () => {
    const other = { key: ownTagKey, value: 'octo/other' }
    const world = await createWorld([undefined, other, ours, ...times(5, undefined)])
    await release(world)
    expect(await active(world)).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10])
  })

  it('leaves revisions that tasks run, in any cluster', async () => {
    const world = await createWorld(times(8, ours))
    await world.call('CreateCluster', { clusterName: 'staging' })
    await world.call('RunTask', {
      ...{ cluster: 'staging', taskDefinition: 'web:3', launchType: 'FARGATE' },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    })
    await release(world)
    expect(await active(world)).toEqual([1, 3, 6, 7, 8, 9, 10])
  })

  it('leaves the revisions of the last deployments, though nothing runs them any more', async () => {
    const world = await createWorld(times(8, ours))
    for (const taskDefinition of ['web:2', 'web:4']) {
      await world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition })
      await world.clock.sleep(300_000)
    }
    await release(world)
    expect(await active(world)).toEqual([1, 2, 4, 6, 7, 8, 9, 10])
  })

  it('leaves them, too, where ECS tells the last deployments on its second page', async () => {
    const world = await createWorld(times(8, ours))
    for (const taskDefinition of ['web:2', 'web:4']) {
      await world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition })
      await world.clock.sleep(300_000)
    }
    const { ecs } = world.session
    const session = world.with({
      listServiceDeployments: async ({ nextToken, ...input }) => {
        const all = objectsAt(await ecs.listServiceDeployments(input), 'serviceDeployments')
        const oldestFirst = all.toReversed()
        return nextToken === undefined
          ? { serviceDeployments: oldestFirst.slice(0, 1), nextToken: 'more' }
          : { serviceDeployments: oldestFirst.slice(1) }
      },
    })
    await release(world, session)
    expect(await active(world)).toEqual([1, 2, 4, 6, 7, 8, 9, 10])
  })

  it('leaves a deployed service green where the credentials end before it', async () => {
    const world = await createWorld(times(8, ours))
    const ended = new ActionError('credentials-expired', 'the session is over', 'Run again.')
    const session = world.with({ listClusters: () => Promise.reject(ended) })
    expect(await release(world, session)).toBe('deployed')
    expect(await active(world)).toHaveLength(10)
    expect(world.report.warnings.join()).toContain('are deregistered: the session is over')
  })

  it('takes a few in each run, for the calls are shared with the whole account', async () => {
    const world = await createWorld(times(20, ours))
    await release(world)
    expect(await active(world)).toEqual([1, 2, 3, 4, 5, 6, 7, 18, 19, 20, 21, 22])
  })

  it.each([
    ['failed', { 'web:2': { exitsAfterMs: 1_000, exitCode: 3 } }],
    ['unchanged', {}],
  ])('does nothing where the outcome is %s', async (outcome, script) => {
    const world = await createWorld(outcome === 'failed' ? [] : times(8, ours))
    world.script(script)
    const plan = await world.plan({ keepTaskDefinitions: 5 })
    const ended = await world.deploy(outcome === 'failed' ? pushedImage(1) : undefined, {
      ...{ keepTaskDefinitions: 5 },
      ...(outcome === 'unchanged' && { settings: { desiredCount: 2 } }),
    })
    expect(ended.outcome).toBe(outcome)
    const before = await active(world)
    await cleanUpTaskDefinitions([plan], [ended], world.session, world.ports)
    expect(await active(world)).toEqual(before)
    expect(world.requests('ListTaskDefinitions')).toBe(0)
  })
})

describe('keep-task-definitions with fewer permissions', () => {
  const reads = ['ListServiceDeployments', 'DescribeServiceRevisions', 'DescribeServiceDeployments']
  const all = [...reads, 'ListClusters', 'ListTasks', 'DescribeTasks', 'ListTaskDefinitions']

  it.each(['ListServiceDeployments', 'DescribeServiceRevisions', 'ListClusters', 'ListTasks'])(
    'leaves everything where ecs:%s is denied, and says so',
    async (denied) => {
      const allow = allowed(...all, 'DeregisterTaskDefinition', 'TagResource')
      const world = await createWorld(times(8, ours), {
        allow: allow.filter((action) => action !== `ecs:${denied}`),
      })
      expect(await release(world)).toBe('deployed')
      expect(await active(world)).toHaveLength(10)
      expect(world.report.warnings.join('\n')).toContain(
        `no more revisions of web are deregistered: the permission ecs:${denied} is missing`,
      )
    },
  )

  it('registers without our tag where ecs:TagResource is denied, and says so', async () => {
    const world = await createWorld([], { allow: allowed(...all) })
    const plan = await world.plan({ keepTaskDefinitions: 5 }, pushedImage(1))
    const image = pushedImage(1)
    const revision = await registerTaskDefinition(plan, image, world.session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
    const input = { taskDefinition: 'web:2', include: ['TAGS'] }
    expect((await world.call('DescribeTaskDefinition', input))['tags']).toEqual([])
    expect(world.report.warnings.join('\n')).toContain('without the permission ecs:TagResource')
  })

  it('asks for no tag where nothing is to go', async () => {
    const world = await createWorld([], { allow: allowed(...all), definition: { tags: [ours] } })
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    await registerTaskDefinition(plan, image, world.session, world.ports)
    const input = { taskDefinition: 'web:2', include: ['TAGS'] }
    expect((await world.call('DescribeTaskDefinition', input))['tags']).toEqual([])
    expect(world.report.warnings).toEqual([])
  })

  it('ends with a warning where ECS throttles, and the service stays deployed', async () => {
    const world = await createWorld(times(8, ours))
    let calls = 0
    const session = world.with({
      deregisterTaskDefinition: (input) => {
        calls += 1
        if (calls > 1) return Promise.reject(failure(throttled))
        return world.session.ecs.deregisterTaskDefinition(input)
      },
    })
    expect(await release(world, session)).toBe('deployed')
    expect(await active(world)).toHaveLength(9)
    expect(world.report.warnings.join('\n')).toContain('ThrottlingException')
  })

  it('leaves everything where ECS does not tell a deployed revision', async () => {
    const world = await createWorld(times(8, ours))
    const session = world.with({
      describeServiceRevisions: async (input) => {
        const answer = await world.session.ecs.describeServiceRevisions(input)
        return { serviceRevisions: objectsAt(answer, 'serviceRevisions').slice(1) }
      },
    })
    await release(world, session)
    expect(await active(world)).toHaveLength(10)
    expect(world.report.warnings.join('\n')).toContain('all stay')
  })
})
