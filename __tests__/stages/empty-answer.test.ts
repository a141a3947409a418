import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { registerTaskDefinition } from '../../src/stages/deploy/register-task-definition.ts'
import { updateService } from '../../src/stages/deploy/update-service.ts'
import { describeDefinition } from '../../src/stages/preflight/read-definition.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

describe('a success of ECS that says nothing', () => {
  let world: EcsWorld
  beforeEach(async () => {
    world = await EcsWorld.create()
  })
  afterEach(() => world.close())

  it.each(['RegisterTaskDefinition', 'UpdateService'])(
    'of %s is resolved by a look, and the call is not sent again',
    async (operation) => {
      const image = pushedImage(1)
      const plan = await world.plan({}, image)
      world.simulator.faults.add([{ call: `ecs:${operation}`, empty: true }])
      const revision = await registerTaskDefinition(plan, image, world.session, world.ports)
      expect(revision.name).toBe('web:2')
      const deployment = await updateService(plan, revision, world.session, world.ports)
      expect(deployment).toMatchObject({
        started: true,
        deploymentId: expect.stringMatching(/^ecs-svc\/\d+$/),
      })
      expect(world.requests(operation)).toBe(1)
    },
  )

  it('of DescribeServices before the update does not say that the service is gone', async () => {
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const { ecs } = world.session
    let looks = 0
    const session = world.with({
      describeServices: (input, limit) => {
        looks += 1
        return looks <= 2 ? Promise.resolve({ failures: [] }) : ecs.describeServices(input, limit)
      },
    })
    const what = { services: [plan], deployOrder: 'parallel' } as const
    const { services } = await deployServices(what, image, session, world.ports)
    expect(services).toMatchObject([{ outcome: 'deployed', verified: true }])
  })

  it('of DescribeTaskDefinition is no task definition', async () => {
    const session = world.with({ describeTaskDefinition: () => Promise.resolve({ tags: [] }) })
    await expect(describeDefinition('web', session, world.ports)).rejects.toMatchObject({
      message: expect.stringContaining('EmptyAnswer'),
    })
  })
})
