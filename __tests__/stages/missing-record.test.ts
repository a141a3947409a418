import { afterEach, describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../src/core/json.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { crashing, withBreaker } from '../support/rollout-scenarios.ts'

const place = { cluster: 'prod', service: 'web' }
const warning =
  'ecs:DescribeServiceDeployments gives no answer (MISSING): rollbacks and newer deployments are told from the service alone'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

/** A world whose ECS forgets the record of the deployment at the second rest of the watch. */
async function forgetful(options: WorldOptions = {}): Promise<EcsWorld> {
  const world = (current = await EcsWorld.create(options))
  let rests = 0
  world.clock.onRest = () => {
    rests += 1
    if (rests === 2) world.simulator.ecs.disturb({ kind: 'forget-deployments', ...place })
  }
  return world
}

describe('a record of the deployment that ECS has no more', () => {
  it('is gone without, with one warning: a success is told from the service alone', async () => {
    const world = await forgetful()
    expect(await world.deploy(pushedImage(1))).toMatchObject({
      outcome: 'deployed',
      verified: true,
    })
    expect(world.report.warnings).toEqual([expect.stringContaining(warning)])
  })

  it('is gone without when ECS rolls back: that is told from the service alone', async () => {
    const world = await forgetful({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    expect(await world.deploy(pushedImage(1))).toMatchObject({ outcome: 'rolled-back' })
    expect(world.report.warnings).toContainEqual(expect.stringContaining(warning))
  })

  it('is waited for where ECS has it at the third look', async () => {
    const world = (current = await EcsWorld.create())
    const { ecs } = world.session
    let looks = 0
    const session = world.with({
      describeServiceDeployments: (input): Promise<JsonObject> => {
        looks += 1
        const missing = { serviceDeployments: [], failures: [{ reason: 'MISSING' }] }
        return looks < 3 ? Promise.resolve(missing) : ecs.describeServiceDeployments(input)
      },
    })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.warnings).toEqual([])
  })
})
