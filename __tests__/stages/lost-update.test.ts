import { afterEach, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { sendUpdate } from '../../src/stages/deploy/send-update.ts'
import { createServiceUpdate } from '../../src/stages/deploy/service-update.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, reset, throttled } from '../support/rollout-scenarios.ts'

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
  const update = createServiceUpdate(plan, revision, world.session, world.ports)
  await expect(sendUpdate(update)).rejects.toBe(reason)
  expect(world.requests('UpdateService')).toBe(0)
  expect([world.report.ongoing, world.report.begun]).toEqual([[], false])
})

const cancelled = new ActionError('cancelled', 'the run was cancelled (SIGINT)', 'Look.')

/** Deploys an image where the runner asks us to stop in the first rest after UpdateService. */
async function cancelAfterUpdate(world: EcsWorld, session: AwsSession) {
  const plans = [await world.plan({}, pushedImage(1))]
  world.clock.onRest = () => world.abort(cancelled)
  const toDeploy = { services: plans, deployOrder: 'parallel' as const }
  const { services } = await deployServices(toDeploy, pushedImage(1), session, world.ports)
  return { services, ongoing: world.report.ongoing, updated: world.report.facts.updated }
}

it('an update that was throttled before the signal has changed nothing', async () => {
  world = await EcsWorld.create()
  const session = world.with({ updateService: () => Promise.reject(failure(throttled)) })
  const { services, ongoing, updated } = await cancelAfterUpdate(world, session)
  expect(services).toMatchObject([{ outcome: 'cancelled', changed: false }])
  expect([ongoing, updated]).toEqual([[], undefined])
})

it('a signal while a lost update is looked for leaves the word that it was sent', async () => {
  world = await EcsWorld.create()
  const { ecs } = world.session
  const session = world.with({
    updateService: async (input) => {
      await ecs.updateService(input)
      throw failure(reset)
    },
  })
  const { services, ongoing, updated } = await cancelAfterUpdate(world, session)
  expect(services).toMatchObject([{ outcome: 'cancelled', changed: true }])
  expect(ongoing).toEqual([expect.stringMatching(/service "web".* to web:2 was sent; ECS may be/)])
  expect(updated).toBe(true)
  expect(await world.running()).toBe('web:2')
})

it('a look for a lost update that gets no credentials leaves the service unknown', async () => {
  world = await EcsWorld.create()
  const { ecs } = world.session
  const refused = new ActionError('oidc-unavailable', 'no new token', 'Allow id-token: write.')
  let lost = false
  const session = world.with({
    updateService: async (input) => {
      await ecs.updateService(input)
      lost = true
      throw failure(reset)
    },
    describeServices: (input) => (lost ? Promise.reject(refused) : ecs.describeServices(input)),
  })
  const plans = [await world.plan({}, pushedImage(1))]
  const toDeploy = { services: plans, deployOrder: 'parallel' as const }
  const { services } = await deployServices(toDeploy, pushedImage(1), session, world.ports)
  expect(services).toMatchObject([{ outcome: 'unknown', changed: true, error: refused }])
  expect(world.report.ongoing.join()).toContain('to web:2 was sent')
})

it('an update whose call got no credentials was not sent', async () => {
  world = await EcsWorld.create()
  const refused = new ActionError('oidc-unavailable', 'no new token', 'Allow id-token: write.')
  const session = world.with({ updateService: () => Promise.reject(refused) })
  const plans = [await world.plan({}, pushedImage(1))]
  const toDeploy = { services: plans, deployOrder: 'parallel' as const }
  const { services } = await deployServices(toDeploy, pushedImage(1), session, world.ports)
  expect(services).toMatchObject([{ outcome: 'failed', changed: false, error: refused }])
  expect(world.report.ongoing).toEqual([])
})
