import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, throttled } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

const broken = failure({ code: 'ServerException', httpStatus: 500 })

/** Deploys what runs already, and has the looks of these numbers fail, the first being 0. */
async function deployAgain(error: Error, fails: (look: number) => boolean) {
  const world = (current = await EcsWorld.create())
  await world.deploy(pushedImage(1))
  const { ecs } = world.session
  const looksAtMs: number[] = []
  const startedAtMs = world.clock.monotonicMs()
  let confirms = false
  world.clock.onRest = () => {
    confirms = true
  }
  const session = world.with({
    describeServices: (input, limit) => {
      // The first look of the confirmation comes before any rest, and must be good.
      if (confirms) looksAtMs.push(world.clock.monotonicMs() - startedAtMs)
      const isMissed = confirms && fails(looksAtMs.length - 1)
      return isMissed ? Promise.reject(error) : ecs.describeServices(input, limit)
    },
  })
  const outcome: ServiceOutcome = await world.deploy(pushedImage(1), { waitMinutes: 5 }, session)
  return { world, outcome, looksAtMs, lastedMs: world.clock.monotonicMs() - startedAtMs }
}

describe('looks that fail at a service that runs the definition already', () => {
  it.each([2, 9])('are made up for: %i of them leave it unchanged', async (count) => {
    const { outcome, lastedMs } = await deployAgain(broken, (look) => look < count)
    expect(outcome).toMatchObject({ outcome: 'unchanged', changed: false, verified: true })
    expect(lastedMs).toBeGreaterThanOrEqual(4_000)
  })

  it('leave it unknown where ten in a row do, and no deployment is said to go on', async () => {
    const { world, outcome } = await deployAgain(broken, () => true)
    expect(outcome).toMatchObject({
      ...{ outcome: 'unknown', changed: false },
      error: {
        code: 'rollout-lost',
        message: expect.stringContaining('lost sight of the service: '),
        remedy: expect.stringMatching(/^No deployment was started: /),
      },
    })
    expect(world.report.ongoing).toEqual([])
  })

  it('leave it unknown where the credentials cannot be had anew', async () => {
    const ended = new ActionError('oidc-unavailable', 'no new token', 'Allow it.')
    const { outcome, looksAtMs } = await deployAgain(ended, () => true)
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'rollout-lost' } })
    expect(outcome.error?.message).toContain('no new token')
    expect(looksAtMs).toHaveLength(2)
  })

  it('leave it unknown, not failed, where ECS throttles to the deadline, and come ever later', async () => {
    const { outcome, looksAtMs, lastedMs } = await deployAgain(failure(throttled), () => true)
    expect(outcome).toMatchObject({ outcome: 'unknown', changed: false })
    expect(outcome.error?.message).not.toContain('still false')
    expect(lastedMs).toBe(5 * 60_000)
    // Up to 30 s apart, and not every 4 s.
    expect(looksAtMs.length).toBeLessThan(20)
  })

  it('leave it failed where the last one shows that it is not well', async () => {
    const world = (current = await EcsWorld.create())
    await world.deploy(pushedImage(1))
    world.script({ 'web:2': { pullMs: 3_600_000 } })
    const [task] = await world.runningTasks()
    await world.call('StopTask', { cluster: 'prod', task })
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 2 })
    expect(outcome.outcome).toBe('failed')
    expect(outcome.error?.message).toContain('still false: all tasks of the service are running')
  })
})

describe('stopped tasks of a service that runs the definition already', () => {
  const denied = { code: 'AccessDeniedException', httpStatus: 400 }

  /** Two tasks failed within the last minutes, and what runs is enough again. */
  async function deployAfterCrash(
    how: Parameters<typeof failure>[0],
    read: (n: number) => boolean,
  ) {
    const world = (current = await EcsWorld.create())
    await world.deploy(pushedImage(1))
    world.script({ 'web:2': { exitsAfterMs: 30_000, exitCode: 3 } })
    const [task] = await world.runningTasks()
    await world.call('StopTask', { cluster: 'prod', task })
    await world.clock.sleep(75_000)
    world.script({ 'web:2': {} })
    await world.clock.sleep(100_000)
    expect(await world.service()).toMatchObject({ runningCount: 2 })
    let reads = 0
    const session = world.with({
      listTasks: (input) => {
        if (input['desiredStatus'] === 'STOPPED') reads += 1
        if (input['desiredStatus'] !== 'STOPPED' || read(reads)) {
          return world.session.ecs.listTasks(input)
        }
        return Promise.reject(failure(how))
      },
    })
    return { world, outcome: await world.deploy(pushedImage(1), { waitMinutes: 1 }, session) }
  }

  it.each([
    ['are throttled', throttled],
    ['fail', { code: 'ServerException', httpStatus: 500 }],
  ])('leave it unknown, and not unchanged, where their reads %s', async (_what, how) => {
    const { outcome } = await deployAfterCrash(how, () => false)
    expect(outcome).toMatchObject({ outcome: 'unknown', changed: false, verified: false })
  })

  it('leave it failed where a later read shows them', async () => {
    const { outcome } = await deployAfterCrash(throttled, (n) => n > 2)
    expect(outcome).toMatchObject({ outcome: 'failed', verified: false })
    expect(outcome.error?.message).toContain('no task has failed in the last 5 minutes')
  })

  it('are gone without, with a warning, where they may not be read', async () => {
    const { world, outcome } = await deployAfterCrash(denied, () => false)
    expect(outcome).toMatchObject({ outcome: 'unchanged', verified: true })
    expect(world.report.warnings.join()).toContain('the reasons why tasks stop cannot be told')
  })
})
