import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { crashing, failure, reset } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

describe('a wait that ends before the deployment', () => {
  it('times out by its own deadline and says what is still false', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { startMs: 3_600_000 } })
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 7 })
    expect(outcome).toMatchObject({ outcome: 'timed-out', changed: true, verified: false })
    expect(outcome.error?.message).toMatch(
      /not complete after 7 min; still awaited, for 4\d\d s: all new tasks are running/,
    )
    expect(world.clock.monotonicMs() - startedAtMs).toBe(7 * 60_000)
    expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it.each([
    ['credentials are gone', { code: 'ExpiredTokenException', httpStatus: 400 }],
    ['the permission is lost', { code: 'AccessDeniedException', httpStatus: 400 }],
  ])('is unknown within two looks once %s', async (_what, refusal) => {
    const world = await createWorld()
    let looks = 0
    let refused = 0
    const session = world.with({
      describeServices: (input) => {
        looks += 1
        if (looks <= 2) return world.session.ecs.describeServices(input)
        refused += 1
        return Promise.reject(failure(refusal))
      },
    })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'rollout-lost' } })
    expect(refused).toBe(2)
    expect(world.report.ongoing.join()).toContain('service-deployment/prod/web')
  })

  it('is unknown after ten looks in a row without an answer', async () => {
    const world = await createWorld()
    const session = world.with({ describeServices: () => Promise.reject(failure(reset)) })
    expect(await world.deploy(pushedImage(1), {}, session)).toMatchObject({ outcome: 'unknown' })
  })

  it.each([0, 1, 2, 3, 5, 8])('is cancelled at once at rest %i', async (rest) => {
    const world = await createWorld()
    let rests = 0
    let abortedAtMs = Number.NaN
    world.clock.onRest = (nowMs) => {
      if (rests === rest) {
        abortedAtMs = nowMs
        world.abort(new ActionError('cancelled', 'cancelled by the runner', 'Nothing.'))
      }
      rests += 1
    }
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'cancelled', changed: true, verified: false })
    expect(outcome.error).toMatchObject({ code: 'cancelled' })
    expect(world.clock.monotonicMs()).toBe(abortedAtMs)
    expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it('does not wait for a call in flight when it is cancelled', async () => {
    const world = await createWorld()
    const session = world.with({
      describeServices: () => new Promise(() => undefined),
      describeServiceDeployments: () => {
        world.abort(new ActionError('cancelled', 'cancelled by the runner', 'Nothing.'))
        return new Promise(() => undefined)
      },
    })
    expect(await world.deploy(pushedImage(1), {}, session)).toMatchObject({ outcome: 'cancelled' })
  })

  it('is not made at all with wait-for-service-stability: false', async () => {
    const world = await createWorld()
    const outcome = await world.deploy(pushedImage(1), { waitForStability: false })
    expect(outcome).toMatchObject({ outcome: 'submitted', changed: true, verified: false })
  })
})

describe('a service that runs the definition already', () => {
  it('is unchanged and verified, by two looks some seconds apart', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'unchanged', changed: false, verified: true })
    expect(world.clock.monotonicMs() - startedAtMs).toBe(4_000)
    expect(await world.revisions()).toBe(2)
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('is awaited, and deployed, while its deployment is still going on', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1), { waitForStability: false })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', changed: false, verified: true })
    expect(await world.revisions()).toBe(2)
  })

  it('is failed, not unchanged, when its tasks keep crashing', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    world.script({ 'web:2': crashing })
    for (const task of await world.runningTasks()) {
      await world.call('StopTask', { cluster: 'prod', task })
    }
    await world.clock.sleep(30_000)
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 3 })
    expect(outcome).toMatchObject({ outcome: 'failed', changed: false })
    expect(outcome.error?.message).toContain('not well until the deadline')
  })
})
