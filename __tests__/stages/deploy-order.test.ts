import { afterEach, describe, expect, it } from '@jest/globals'

import type { DeployOrder } from '../../src/core/inputs/deploy/service-settings.ts'
import { worstOf } from '../../src/core/outcome.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { inspectServices } from '../../src/stages/preflight/inspect-services.ts'
import { EcsWorld, inputs } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { crashing, withBreaker } from '../support/rollout-scenarios.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const image = pushedImage(1)
/** The services that were updated, in order. */
const updated: unknown[] = []
const named = (service: string) => ({ cluster: 'prod', service, region: undefined })

/** Deploys `api`, whose tasks crash, and `web`, whose tasks do not, in the order given. */
async function deploy(
  order: DeployOrder,
  services: readonly string[],
): Promise<readonly ServiceOutcome[]> {
  world = await EcsWorld.create({ service: withBreaker(true) })
  const definition = { family: 'api', containerDefinitions: [{ name: 'app', image: 'web:1' }] }
  await world.call('RegisterTaskDefinition', { ...definition, memory: '512' })
  await world.call('CreateService', {
    ...{ cluster: 'prod', serviceName: 'api', taskDefinition: 'api', desiredCount: 1 },
    ...withBreaker(true),
  })
  await world.clock.sleep(120_000)
  world.script({ 'api:2': crashing })
  const target = { repository: image.repository, platforms: image.platforms.map((p) => p.platform) }
  const deploying = { ...inputs, deployOrder: order, services: services.map(named) }
  const plans = await inspectServices(deploying, target, world.session, world.ports)
  updated.length = 0
  const session = world.with({
    updateService: (input) => {
      updated.push(input['service'])
      return world.session.ecs.updateService(input)
    },
  })
  const toDeploy = { services: plans, deployOrder: order }
  return (await deployServices(toDeploy, image, session, world.ports)).services
}

describe('deploy-order: sequential', () => {
  it('skips the services after the first red one, and leaves them as they are', async () => {
    const outcomes = await deploy('sequential', ['api', 'web'])
    const file = (family: string) => `/temporary/task-definition-${family}.json`
    expect(outcomes).toMatchObject([
      {
        ...{ service: 'api', outcome: 'rolled-back', changed: true },
        renderedTaskDefinition: file('api'),
      },
      {
        renderedTaskDefinition: file('web'),
        ...{ service: 'web', outcome: 'skipped', changed: false, verified: false },
        error: { code: 'service-skipped', message: expect.stringContaining('"api"') },
      },
    ])
    expect(worstOf(outcomes.map(({ outcome }) => outcome))).toBe('rolled-back')
    expect(updated).toEqual(['api'])
    expect(await world.running()).toBe('web:1')
  })

  it('goes on after a green one, in the order of the lines', async () => {
    const outcomes = await deploy('sequential', ['web', 'api'])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['deployed', 'rolled-back'])
    expect(updated).toEqual(['web', 'api'])
  })
})

describe('deploy-order: parallel', () => {
  it('lets every service finish, whatever became of the others', async () => {
    const outcomes = await deploy('parallel', ['api', 'web'])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rolled-back', 'deployed'])
  })
})
