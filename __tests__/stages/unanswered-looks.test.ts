import { afterEach, describe, expect, it } from '@jest/globals'

import type { Ecs, Read } from '../../src/ports/ecs.ts'
import { createBlueGreenWorld } from '../support/blue-green.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, reset, throttled, unpullable } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

const minute = 60_000

/** A read of which the calls of these numbers fail, the first being 0. */
function failing(read: Read, how: Parameters<typeof failure>[0], calls: (call: number) => boolean) {
  let call = 0
  return (input: Parameters<Read>[0]): ReturnType<Read> => {
    call += 1
    return calls(call - 1) ? Promise.reject(failure(how)) : read(input)
  }
}

/** The world, and its deployer's session in which calls of the record fail. */
async function recordFails(
  world: EcsWorld,
  how: Parameters<typeof failure>[0],
  calls: (call: number) => boolean = () => true,
) {
  current = world
  const { ecs } = world.session
  const read = failing((input) => ecs.describeServiceDeployments(input), how, calls)
  const session = world.with({ describeServiceDeployments: read })
  const startedAtMs = world.clock.monotonicMs()
  const outcome = await world.deploy(pushedImage(1), {}, session)
  return { outcome, lastedMs: world.clock.monotonicMs() - startedAtMs }
}

describe('a record of the deployment that ECS does not give', () => {
  it.each([
    ['answers are lost', reset],
    ['ECS fails', { code: 'ServerException', httpStatus: 500 }],
    ['ECS throttles', throttled],
  ])('is gone without after three looks, and told once, when %s for good', async (_what, how) => {
    const world = await EcsWorld.create()
    const { outcome, lastedMs } = await recordFails(world, how)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.warnings).toEqual([
      expect.stringContaining('ecs:DescribeServiceDeployments gives no answer'),
    ])
    expect(lastedMs).toBeLessThan(3 * minute)
  })

  it('leaves a blue/green deployment to the stricter rule: nothing else runs any more', async () => {
    const world = await createBlueGreenWorld()
    const { outcome, lastedMs } = await recordFails(world, reset)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect((await world.service())['deployments']).toHaveLength(1)
    // Both revisions ran for as long as it baked.
    expect(lastedMs).toBeGreaterThan(5 * minute)
  })

  it('is waited for where it comes at the third look', async () => {
    const world = await EcsWorld.create()
    const { outcome } = await recordFails(world, reset, (call) => call % 3 < 2)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.warnings).toEqual([])
  })

  it('is not gone without where the service does not answer, either', async () => {
    const world = (current = await EcsWorld.create())
    const { ecs } = world.session
    const some = (call: number) => call < 6
    const changes: Partial<Ecs> = {
      describeServices: failing((input) => ecs.describeServices(input), reset, some),
      describeServiceDeployments: failing(
        (input) => ecs.describeServiceDeployments(input),
        reset,
        some,
      ),
    }
    const outcome = await world.deploy(pushedImage(1), {}, world.with(changes))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.warnings).toEqual([])
  })
})

describe('a look that fails once', () => {
  /** The rests of a watch of which some looks at the service fail, from the second look on. */
  async function restsAfter(how: Parameters<typeof failure>[0], looks: readonly number[]) {
    const world = (current = await EcsWorld.create())
    const askedAtMs: number[] = []
    const session = world.with({
      describeServices: (input) => {
        askedAtMs.push(world.clock.monotonicMs())
        if (looks.includes(askedAtMs.length)) return Promise.reject(failure(how))
        return world.session.ecs.describeServices(input)
      },
    })
    await world.deploy(pushedImage(1), {}, session)
    return askedAtMs.slice(1).map((atMs, look) => atMs - (askedAtMs[look] ?? 0))
  }

  it('is made up for a second later', async () => {
    const [before = 0, again = 0, after = 0] = await restsAfter(reset, [2])
    expect(before).toBeGreaterThan(3_500)
    expect(again).toBeGreaterThanOrEqual(900)
    expect(again).toBeLessThanOrEqual(1_100)
    expect(after).toBeGreaterThan(3_500)
  })

  it('is followed by usual looks where the next fails, too', async () => {
    const [, again = 0, after = 0] = await restsAfter(reset, [2, 3])
    expect(again).toBeLessThanOrEqual(1_100)
    expect(after).toBeGreaterThan(3_500)
  })

  it('is not hurried where ECS throttles', async () => {
    const [, slower = 0] = await restsAfter(throttled, [2])
    expect(slower).toBeGreaterThan(7_000)
  })

  it('is not hurried where it was refused', async () => {
    const denied = { code: 'AccessDeniedException', httpStatus: 400 }
    const [, usual = 0] = await restsAfter(denied, [2])
    expect(usual).toBeGreaterThan(3_500)
  })
})

describe('tasks that could not be read when one had failed', () => {
  /** How long a deployment lasts that our detector ends, where ListTasks fails then and there. */
  async function lastsMs(failsAtMs?: number): Promise<number> {
    const world = (current = await EcsWorld.create())
    // Two tasks fail at once, and the next two as long after.
    world.script({ 'web:2': { ...unpullable, pullMs: 24_000 } })
    const startMs = world.clock.monotonicMs()
    const sinceMs = (): number => world.clock.monotonicMs() - startMs
    const session = world.with({
      listTasks: (input) =>
        sinceMs() === failsAtMs
          ? Promise.reject(failure(reset))
          : world.session.ecs.listTasks(input),
    })
    expect(await world.deploy(pushedImage(1), {}, session)).toMatchObject({ outcome: 'failed' })
    return sinceMs()
  }

  it('are read at the next look', async () => {
    const usualMs = await lastsMs()
    await current?.close()
    const lateMs = (await lastsMs(usualMs)) - usualMs
    expect(lateMs).toBeGreaterThan(0)
    expect(lateMs).toBeLessThan(5_000)
  })
})

describe('a look that stalls', () => {
  it('does not hold the run much beyond its deadline', async () => {
    const world = (current = await EcsWorld.create())
    world.script({ 'web:2': { startMs: 60 * minute } })
    const startedAtMs = world.clock.monotonicMs()
    const lateMs = 6 * minute
    const session = world.with({
      describeServices: async (input, { withinMs } = { withinMs: Infinity }) => {
        if (world.clock.monotonicMs() - startedAtMs < lateMs) {
          return await world.session.ecs.describeServices(input)
        }
        // The SDK's eight attempts of 20 s each, as far as they may go.
        await world.clock.sleep(Math.min(8 * 20_000, withinMs))
        throw failure(reset)
      },
    })
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 7 }, session)
    expect(outcome).toMatchObject({ outcome: 'timed-out', error: { code: 'rollout-timed-out' } })
    expect(world.clock.monotonicMs() - startedAtMs).toBeLessThanOrEqual(7 * minute + 20_000)
  })
})

describe('an answer that lists no services at all', () => {
  it('is no service that is missing, before anything is written', async () => {
    const world = (current = await EcsWorld.create())
    const session = world.with({ describeServices: () => Promise.resolve({}) })
    await expect(world.plan({}, undefined, session)).rejects.toMatchObject({
      code: 'aws-unavailable',
    })
  })

  it('is no service that was deleted, while it is waited for', async () => {
    const world = (current = await EcsWorld.create())
    const session = world.with({ describeServices: () => Promise.resolve({}) })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'rollout-lost' } })
    expect(outcome.error?.message).not.toContain('not found')
  })
})
