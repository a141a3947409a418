import { afterEach, expect, it } from '@jest/globals'

import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, reset } from '../support/rollout-scenarios.ts'

let world: EcsWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

it('a look that fails after a lost answer is no look: the next one finds the update', async () => {
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
      if (!lost || failedLooks > 0) return ecs.describeServices(input)
      failedLooks += 1
      return Promise.reject(failure({ code: 'ServerException', httpStatus: 500 }))
    },
  })
  const outcome = await world.deploy(pushedImage(1), {}, session)
  expect(outcome).toMatchObject({ outcome: 'deployed', changed: true, verified: true })
  expect([failedLooks, world.requests('UpdateService')]).toEqual([1, 1])
})
