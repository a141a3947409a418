import { afterEach, expect, it } from '@jest/globals'

import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { sendUpdate } from '../../src/stages/deploy/send-update.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, reset } from '../support/rollout-scenarios.ts'

let world: EcsWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

it('looks that fail after a lost answer are no looks: the next one finds the update', async () => {
  world = await EcsWorld.create()
  const { ecs } = world.session
  let lost = false
  let failedLooks = 0
  const session = world.with({
    updateService: async (input) => {
      await ecs.updateService(input)
      lost = true
      throw failure(reset)
    },
    describeServices: (input) => {
      if (!lost || failedLooks > 4) return ecs.describeServices(input)
      failedLooks += 1
      return Promise.reject(failure({ code: 'ServerException', httpStatus: 500 }))
    },
  })
  const outcome = await world.deploy(pushedImage(1), {}, session)
  expect(outcome).toMatchObject({ outcome: 'deployed', changed: true, verified: true })
  expect([failedLooks, world.requests('UpdateService')]).toEqual([5, 1])
})

it('an update that no look shows may have been taken: the run may have changed the service', async () => {
  world = await EcsWorld.create()
  const { ecs } = world.session
  const session = world.with({ updateService: () => Promise.reject(failure(reset)) })
  const plans = [await world.plan({}, pushedImage(1))]
  const toDeploy = { services: plans, deployOrder: 'parallel' as const }
  const { services } = await deployServices(toDeploy, pushedImage(1), session, world.ports)
  expect(services).toMatchObject([
    { outcome: 'unknown', changed: true, verified: false, error: { code: 'update-lost' } },
  ])
  expect(await ecs.describeServices({ cluster: 'prod', services: ['web'] })).toMatchObject({
    services: [{ taskDefinition: expect.stringMatching(/web:1$/) }],
  })
})

it('an update is not sent after the signal, and not said to have been', async () => {
  world = await EcsWorld.create()
  const plan = await world.plan({}, pushedImage(1))
  const revision = { arn: 'web:2', name: 'web:2', registered: true, definition: {} }
  const reason = new Error('the run was cancelled')
  world.abort(reason)
  await expect(sendUpdate(plan, revision, world.session, world.ports)).rejects.toBe(reason)
  expect(world.requests('UpdateService')).toBe(0)
  expect([world.report.ongoing, world.report.begun]).toEqual([[], false])
})
