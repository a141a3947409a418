import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, reset, supersede, throttled } from '../support/rollout-scenarios.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const image = pushedImage(1)
const scale = (desiredCount: number): JsonObject => ({
  ...{ cluster: 'prod', service: 'web', desiredCount },
})

/** Deploys, and has `change` happen at the first look that shows ECS's record complete. */
async function changedAtTheEnd(change: () => Promise<void>) {
  let changed = false
  const session = world.with({
    describeServiceDeployments: async (input) => {
      const answer = await world.session.ecs.describeServiceDeployments(input)
      if (!changed && JSON.stringify(answer).includes('"SUCCESSFUL"')) {
        changed = true
        await change()
      }
      return answer
    },
  })
  return await world.deploy(image, {}, session)
}

describe('the proof of a deployment that is complete', () => {
  it('is missing, and the deployment is what it is, where the credentials end before it', async () => {
    world = await EcsWorld.create()
    let over = false
    const { ecs } = world.session
    const ended = new ActionError('credentials-expired', 'the session is over', 'Run again.')
    const session = world.with({
      describeServiceDeployments: async (input) => {
        const answer = await ecs.describeServiceDeployments(input)
        over ||= JSON.stringify(answer).includes('"SUCCESSFUL"')
        return answer
      },
      describeServices: (input) => (over ? Promise.reject(ended) : ecs.describeServices(input)),
    })
    const outcome = await world.deploy(image, {}, session)
    expect(outcome).toMatchObject({ outcome: 'deployed', changed: true, verified: false })
  })

  it('waits for the first task of a service that was scaled from 0', async () => {
    world = await EcsWorld.create({ service: { desiredCount: 0 } })
    world.script({ 'web:2': { pullMs: 20_000 } })
    const outcome = await changedAtTheEnd(async () => {
      await world.call('UpdateService', scale(1))
    })
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(await world.runningTasks()).toHaveLength(1)
  })

  it('waits for a task in place of the only one, which Spot took', async () => {
    world = await EcsWorld.create({ service: { desiredCount: 1 } })
    world.script({ 'web:2': { pullMs: 30_000 } })
    const spot = { kind: 'interrupt-spot', cluster: 'prod', service: 'web', tasks: 1 } as const
    const outcome = await changedAtTheEnd(() => {
      world.simulator.ecs.disturb(spot)
      return Promise.resolve()
    })
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
  })

  it('gives up after a minute without one: deployed, and not verified', async () => {
    world = await EcsWorld.create({ service: { desiredCount: 0 } })
    world.script({ 'web:2': { pullMs: 3_600_000 } })
    let endedAtMs = 0
    const outcome = await changedAtTheEnd(async () => {
      await world.call('UpdateService', scale(1))
      endedAtMs = world.clock.monotonicMs()
    })
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: false, error: undefined })
    const waitedMs = world.clock.monotonicMs() - endedAtMs
    expect(waitedMs).toBeGreaterThanOrEqual(60_000)
    expect(waitedMs).toBeLessThan(65_000)
    expect(world.report.warnings.join()).toContain('not verified: none of its tasks runs now')
  })

  it('waits for none where the service is to run none', async () => {
    world = await EcsWorld.create({ service: { desiredCount: 0 } })
    const startMs = world.clock.monotonicMs()
    const outcome = await world.deploy(image)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: false })
    expect(world.clock.monotonicMs() - startMs).toBeLessThan(40_000)
  })

  it('is not had where another is PRIMARY, though the last look at it fails', async () => {
    world = await EcsWorld.create()
    let looks = 0
    const session = world.with({
      describeServiceDeployments: async (input) => {
        const answer = await world.session.ecs.describeServiceDeployments(input)
        if (looks === 0 && JSON.stringify(answer).includes('"SUCCESSFUL"')) {
          looks = 1
          await world.call('UpdateService', supersede)
        }
        return answer
      },
      describeServices: async (input) => {
        if (looks > 0) looks += 1
        // The last of as many looks as it takes to believe in another PRIMARY.
        if (looks === 5) throw failure(reset)
        return await world.session.ecs.describeServices(input)
      },
    })
    const outcome = await world.deploy(image, {}, session)
    expect(outcome).toMatchObject({ outcome: 'superseded', verified: false })
  })

  it('is not cut short by throttling', async () => {
    world = await EcsWorld.create()
    let isOver = false
    let looks = 0
    const session = world.with({
      describeServiceDeployments: async (input) => {
        const answer = await world.session.ecs.describeServiceDeployments(input)
        isOver ||= JSON.stringify(answer).includes('"SUCCESSFUL"')
        return answer
      },
      describeServices: async (input) => {
        const answer = await world.session.ecs.describeServices(input)
        if (isOver) looks += 1
        // The look of the verdict's own round; then two are throttled, as many as a minute holds.
        if (looks === 2 || looks === 3) throw failure(throttled)
        return answer
      },
    })
    expect(await world.deploy(image, {}, session)).toMatchObject({ verified: true })
  })
})
