import { afterEach, describe, expect, it } from '@jest/globals'

import { objectsAt, type JsonObject } from '../../src/core/json.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { EcsWorld, taskDefinition, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { leaveUnderWay, rollBack } from '../support/roll-back.ts'
import { allowed } from '../support/rollout-scenarios.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

/** web:3 is under way over web:2. */
async function createWorld(options: WorldOptions = {}): Promise<void> {
  world = await EcsWorld.create(options)
  await world.deploy(pushedImage(1))
  await leaveUnderWay(world, 'web:3', pushedImage(2))
}

async function isRolledBack(): Promise<boolean> {
  const answer = await world.call('ListServiceDeployments', { cluster: 'prod', service: 'web' })
  const records = objectsAt(answer, 'serviceDeployments')
  return records.some(({ status }) => status === 'ROLLBACK_SUCCESSFUL')
}

/** Looks at the service that are not before the landing go through `change`. */
function landing(change: (answer: JsonObject, look: number) => Promise<JsonObject>): AwsSession {
  const { ecs } = world.session
  let look = 0
  return world.with({
    describeServices: async (input, limit) => {
      const landed = await isRolledBack()
      if (landed) look += 1
      const answer = await ecs.describeServices(input, limit)
      return landed ? await change(answer, look) : answer
    },
  })
}

/** Somebody's release, by a definition of their own: web:4. */
async function releaseOfStranger(): Promise<void> {
  const [container] = objectsAt(taskDefinition, 'containerDefinitions')
  const image = `registry.example.com/web@sha256:${'5'.repeat(64)}`
  const containerDefinitions = [{ ...container, image }]
  await world.call('RegisterTaskDefinition', { ...taskDefinition, containerDefinitions })
  const input = { cluster: 'prod', service: 'web', taskDefinition: 'web:4' }
  await world.call('UpdateService', input)
}

const withDeployments = (answer: JsonObject, deployments: readonly JsonObject[]): JsonObject => ({
  ...answer,
  services: objectsAt(answer, 'services').map((service) => ({ ...service, deployments })),
})

describe('what ECS has rolled a deployment back to', () => {
  it("is not a stranger's release that became PRIMARY meanwhile: superseded", async () => {
    await createWorld()
    const { ecs } = world.session
    const session = landing(async (answer, look) => {
      if (look > 1) return answer
      await releaseOfStranger()
      const input = { cluster: 'prod', services: ['web'] }
      return await ecs.describeServices(input)
    })
    const outcome = await rollBack(world, {}, session)
    expect(await world.running()).toBe('web:4')
    expect(outcome).toMatchObject({
      ...{ outcome: 'superseded', changed: true, verified: false },
      error: { code: 'rollout-superseded', message: expect.stringContaining('web:4') },
      taskDefinitionArn: expect.stringMatching(/web:2$/),
      previousTaskDefinitionArn: expect.stringMatching(/web:3$/),
    })
  })

  it.each([
    ['still shows the one that left as PRIMARY', 1],
    ['shows no deployment', 0],
  ])('is looked at again where a look %s', async (_what, count) => {
    await createWorld()
    const stale = objectsAt(await world.service(), 'deployments').slice(0, count)
    const session = landing((answer, look) =>
      Promise.resolve(look > 2 ? answer : withDeployments(answer, stale)),
    )
    const outcome = await rollBack(world, {}, session)
    expect(outcome).toMatchObject({
      ...{ outcome: 'reverted', verified: true, error: undefined },
      taskDefinitionArn: expect.stringMatching(/web:2$/),
    })
  })

  it('is known without the permission to read revisions, by the deployment itself', async () => {
    const reads = ['ListServiceDeployments', 'DescribeServiceDeployments']
    await createWorld({
      allow: allowed(...reads, 'StopServiceDeployment', 'ListTasks', 'DescribeTasks'),
    })
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({
      outcome: 'reverted',
      taskDefinitionArn: expect.stringMatching(/web:2$/),
    })
  })

  it.each([
    ['is known by the rollback itself where no source is named', true, 'reverted'],
    ['is unknown where no answer of ECS names it', false, 'unknown'],
  ])('%s', async (_what, named, expected) => {
    await createWorld()
    const { ecs } = world.session
    const unnamed = (record: JsonObject): JsonObject => ({
      ...{ ...record, sourceServiceRevisions: [] },
      ...(!named && record['rollback'] !== undefined && { rollback: { reason: 'asked' } }),
    })
    const session = world.with({
      describeServiceDeployments: async (input, limit) => {
        const answer = await ecs.describeServiceDeployments(input, limit)
        const serviceDeployments = objectsAt(answer, 'serviceDeployments').map(unnamed)
        return { ...answer, serviceDeployments }
      },
    })
    const outcome = await rollBack(world, {}, session)
    expect(outcome).toMatchObject({ outcome: expected, verified: named })
    expect(outcome.error?.code).toBe(named ? undefined : 'rollout-lost')
  })
})
