import { afterEach, describe, expect, it } from '@jest/globals'

import type { AwsSession } from '../../src/ports/aws.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { guardActiveDeployments } from '../../src/stages/preflight/guard-active-deployments.ts'
import { createBlueGreenWorld, pauseAt } from '../support/blue-green.ts'
import type { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, throttled } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function someonesPause(): Promise<EcsWorld> {
  const world = (current = await createBlueGreenWorld({
    lifecycleHooks: [pauseAt('POST_SCALE_UP')],
  }))
  await world.deploy(pushedImage(1), { waitForStability: false })
  await world.clock.sleep(120_000)
  return world
}

/** Preflight with its guard, then the deployment. */
async function deploy(world: EcsWorld, session: AwsSession): Promise<void> {
  const pushed = pushedImage(2)
  const plan = await world.plan({}, pushed)
  await guardActiveDeployments([plan], pushed, session, world.ports)
  const what = { services: [plan], deployOrder: 'parallel' } as const
  await deployServices(what, pushed, session, world.ports)
}

describe('a paused deployment before ours', () => {
  const broken = failure({ code: 'ServerException', httpStatus: 500 })

  it.each([
    ['fails', broken],
    ['is throttled', failure(throttled)],
  ])('is left to its answer though a read of its record %s', async (_what, error) => {
    const world = await someonesPause()
    let reads = 0
    const session = world.with({
      describeServiceDeployments: (input, limit) => {
        reads += 1
        if (reads <= 2) return Promise.reject(error)
        return world.session.ecs.describeServiceDeployments(input, limit)
      },
    })
    await expect(deploy(world, session)).rejects.toMatchObject({
      code: 'deployment-active',
      message: expect.stringMatching(/which is paused: pause hook ecs-pause-/),
    })
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('is left alone where its record cannot be read for good: nothing is written', async () => {
    const world = await someonesPause()
    const session = world.with({ describeServiceDeployments: () => Promise.reject(broken) })
    await expect(deploy(world, session)).rejects.toMatchObject({ code: 'aws-unavailable' })
    expect(world.requests('UpdateService')).toBe(1)
  })
})
