import { afterEach, expect, it } from '@jest/globals'

import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

let world: EcsWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** Brings the image to the service, where the first look of the watch breaks. */
async function deployUnwatched(world: EcsWorld): Promise<readonly ServiceOutcome[]> {
  const image = pushedImage(1)
  const plans = [await world.plan({}, image)]
  const { ecs } = world.session
  const before = world.report.phases.length
  const session = world.with({
    describeServices: (input) => {
      const follows = world.report.phases.slice(before).includes('rollout')
      return follows ? Promise.reject(new TypeError('broken')) : ecs.describeServices(input)
    },
  })
  const toDeploy = { services: plans, deployOrder: 'parallel' as const }
  return (await deployServices(toDeploy, image, session, world.ports)).services
}

it('a watch that breaks leaves the deployment unknown, by its id', async () => {
  world = await EcsWorld.create()
  const services = await deployUnwatched(world)
  expect(services).toMatchObject([
    {
      ...{ outcome: 'unknown', changed: true, verified: false, error: { code: 'unexpected' } },
      deploymentId: world.report.facts.deploymentId,
      taskDefinitionArn: expect.stringMatching(/web:2$/),
      previousTaskDefinitionArn: expect.stringMatching(/web:1$/),
    },
  ])
  expect(world.report.facts.deploymentId).toMatch(/^ecs-svc\//)
})

it('of a deployment that was adopted, too: nothing failed, and it goes on', async () => {
  world = await EcsWorld.create()
  world.script({ 'web:2': { startMs: 600_000 } })
  const left = await world.deploy(pushedImage(1), { waitForStability: false })
  const services = await deployUnwatched(world)
  expect(services).toMatchObject([
    {
      ...{ outcome: 'unknown', changed: false, verified: false, error: { code: 'unexpected' } },
      deploymentId: left.deploymentId,
      previousTaskDefinitionArn: expect.stringMatching(/web:1$/),
    },
  ])
})
