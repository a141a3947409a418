import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import type { PolicyInputs } from '../../src/core/inputs/deploy/policies.ts'
import { objectsAt } from '../../src/core/json.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { allowed, crashing, failure, throttled } from '../support/rollout-scenarios.ts'
import { until } from '../support/until.ts'
import { usualPolicies } from '../support/usual-policies.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

const policies: PolicyInputs = { ...usualPolicies, onCancel: 'rollback' }
const reason = new ActionError('cancelled', 'the run was cancelled (SIGINT)', 'Look.')

/** Aborts at the n-th rest, once. */
function abortAtRest(world: EcsWorld, n: number): void {
  let rests = 0
  world.clock.onRest = () => {
    rests += 1
    if (rests === n) world.abort(reason)
  }
}

async function statusOf(world: EcsWorld): Promise<unknown> {
  const answer = await world.call('ListServiceDeployments', { cluster: 'prod', service: 'web' })
  return objectsAt(answer, 'serviceDeployments')[0]?.['status']
}

describe('on-cancel: rollback', () => {
  it.each([1, 2, 5])('asks ECS once, after the signal at rest %i, and ends', async (rest) => {
    const world = await createWorld()
    abortAtRest(world, rest)
    const outcome = await world.deploy(pushedImage(1), { policies })
    expect(outcome).toMatchObject({ outcome: 'cancelled', verified: false })
    expect(outcome.error).toMatchObject({ code: 'cancelled' })
    expect(world.report.ongoing.join()).toMatch(/ECS was asked to roll it back/)
    expect(outcome.error?.message).toMatch(/ECS was asked to roll it back/)
    await until(() => (world.requests('StopServiceDeployment') === 1 ? true : undefined))
    await world.clock.sleep(120_000)
    expect(await statusOf(world)).toBe('ROLLBACK_SUCCESSFUL')
    expect(world.requests('StopServiceDeployment')).toBe(1)
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('lets the deployment go on unless it is asked for', async () => {
    const world = await createWorld()
    abortAtRest(world, 2)
    await world.deploy(pushedImage(1))
    await world.clock.sleep(300_000)
    expect(await statusOf(world)).toBe('SUCCESSFUL')
  })

  it('names the permission that is missing', async () => {
    const world = await createWorld({ allow: allowed('ListServiceDeployments') })
    abortAtRest(world, 2)
    const denied = { code: 'AccessDeniedException', httpStatus: 400 }
    const session = world.with({ stopServiceDeployment: () => Promise.reject(failure(denied)) })
    const outcome = await world.deploy(pushedImage(1), { policies }, session)
    expect(outcome.error?.message).toContain('it is not rolled back')
    expect(world.report.warnings.join()).toContain('without the permission')
  })

  it('does not wait long for an answer', async () => {
    const world = await createWorld()
    abortAtRest(world, 2)
    let abortedAtMs = 0
    const session = world.with({
      stopServiceDeployment: () => {
        abortedAtMs = world.clock.monotonicMs()
        return new Promise<never>(() => undefined)
      },
    })
    const outcome = await world.deploy(pushedImage(1), { policies }, session)
    expect(outcome.error?.message).toContain('the answer was not awaited')
    expect(world.clock.monotonicMs() - abortedAtMs).toBeLessThan(3_500)
  })

  it('ends as soon where ECS throttles the request, and says that ECS has not taken it', async () => {
    const world = await createWorld()
    abortAtRest(world, 2)
    let askedAtMs: number | undefined
    const session = world.with({
      stopServiceDeployment: () => {
        askedAtMs ??= world.clock.monotonicMs()
        return Promise.reject(failure(throttled))
      },
    })
    const outcome = await world.deploy(pushedImage(1), { policies }, session)
    expect(outcome).toMatchObject({ outcome: 'cancelled', error: { code: 'cancelled' } })
    expect(outcome.error?.message).toContain('ECS took no request to roll it back in time')
    expect(outcome.error?.message).not.toContain('ECS was asked')
    // Rests side by side add up on this clock: that of 2.5 s, and those between the requests.
    expect(world.clock.monotonicMs() - (askedAtMs ?? 0)).toBeLessThan(2 * 2_500 + 1_000)
  })

  it('says that the deployment had ended before', async () => {
    const world = await createWorld()
    abortAtRest(world, 2)
    const conflict = { code: 'ConflictException', httpStatus: 400 }
    const session = world.with({ stopServiceDeployment: () => Promise.reject(failure(conflict)) })
    const outcome = await world.deploy(pushedImage(1), { policies }, session)
    expect(outcome.error?.message).toContain('it had ended before it could be rolled back')
  })

  it('asks nothing more while a rollback that was asked for goes on', async () => {
    const world = await createWorld({ pace: { requestTakesMs: 60_000 } })
    world.script({ 'web:2': crashing })
    world.clock.onRest = () => {
      if (world.requests('StopServiceDeployment') === 1) world.abort(reason)
    }
    const asked = { ...policies, onFailure: 'rollback' } as const
    const outcome = await world.deploy(pushedImage(1), { policies: asked })
    expect(outcome).toMatchObject({ outcome: 'cancelled' })
    expect(outcome.error?.message).toContain('ECS was asked to roll it back and goes on with that')
    expect(world.requests('StopServiceDeployment')).toBe(1)
  })
})
