import { afterEach, describe, expect, it } from '@jest/globals'

import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Read } from '../../src/ports/ecs.ts'
import { createBlueGreenWorld, pauseAt, waiting } from '../support/blue-green.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { crashing, failure, throttled, withBreaker } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

const broken = { code: 'ServerException', httpStatus: 500 }
const fails = (how: Parameters<typeof failure>[0]) => () => Promise.reject(failure(how))
const missing = (): Promise<JsonObject> =>
  Promise.resolve({ serviceDeployments: [], failures: [{ reason: 'MISSING' }] })
const warning = expect.stringContaining('ecs:DescribeServiceDeployments gives no answer')

/** Deploys while reads of the record at these times after the first one go wrong. */
async function deploy(
  world: EcsWorld,
  differences: Partial<DeployInputs>,
  goesWrong: () => Promise<JsonObject>,
  when: (atMs: number) => boolean,
) {
  current = world
  const { ecs } = world.session
  let firstAtMs: number | undefined
  const read: Read = (input, limit) => {
    const nowMs = world.clock.monotonicMs()
    const sinceMs = nowMs - (firstAtMs ??= nowMs)
    return when(sinceMs) ? goesWrong() : ecs.describeServiceDeployments(input, limit)
  }
  const session = world.with({ describeServiceDeployments: read })
  return await world.deploy(pushedImage(1), { waitMinutes: 60, ...differences }, session)
}

const kinds = [
  ['ECS fails', fails(broken)],
  ['ECS throttles', fails(throttled)],
  ['the record is too young to be known', missing],
] as const

describe('a record that does not come for less than a minute', () => {
  it.each(kinds)('is waited for, and its pause is answered, where %s', async (_what, goesWrong) => {
    const hooks = { lifecycleHooks: [pauseAt('POST_TEST_TRAFFIC_SHIFT')] }
    const world = await createBlueGreenWorld(hooks)
    const outcome = await deploy(world, waiting('continue'), goesWrong, (atMs) => atMs < 50_000)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.requests('ContinueServiceDeployment')).toBe(1)
    expect(world.report.warnings).toEqual([])
  })

  it.each(kinds)('keeps what is waited for in sight where %s', async (_what, goesWrong) => {
    const world = await createBlueGreenWorld()
    const until = waiting('wait', { kind: 'traffic-shifted' })
    const outcome = await deploy(world, until, goesWrong, (atMs) => atMs > 4_500 && atMs < 30_000)
    expect(outcome).toMatchObject({ outcome: 'traffic-shifted', verified: true })
    expect(world.report.warnings).toEqual([])
  })

  it('is waited for longer than ten looks that fail would be', async () => {
    const world = await createBlueGreenWorld()
    const outcome = await deploy(world, {}, fails(broken), (atMs) => atMs < 55_000)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.warnings).toEqual([])
  })
})

describe('a record that does not come for longer', () => {
  it.each(kinds)('is asked for again now and then where %s', async (_what, goesWrong) => {
    const hooks = { lifecycleHooks: [pauseAt('POST_TEST_TRAFFIC_SHIFT')] }
    const world = await createBlueGreenWorld(hooks)
    const outcome = await deploy(world, waiting('continue'), goesWrong, (atMs) => atMs < 150_000)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.requests('ContinueServiceDeployment')).toBe(1)
    expect(world.report.warnings).toEqual([warning])
  })

  it.each(kinds)(
    'holds a success up for no more than three reads where %s',
    async (_, goesWrong) => {
      const usual = (current = await EcsWorld.create())
      const usualAtMs = usual.clock.monotonicMs()
      await usual.deploy(pushedImage(1))
      const usualMs = usual.clock.monotonicMs() - usualAtMs
      await usual.close()
      const world = await EcsWorld.create()
      const startedAtMs = world.clock.monotonicMs()
      const outcome = await deploy(world, {}, goesWrong, () => true)
      expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
      expect(world.clock.monotonicMs() - startedAtMs - usualMs).toBeLessThan(35_000)
      expect(world.report.warnings).toEqual([warning])
    },
  )

  it('leaves a bad end to be told from the service, at the deadline at the latest', async () => {
    const world = await EcsWorld.create({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    const outcome = await deploy(world, {}, fails(broken), () => true)
    expect(outcome).toMatchObject({ outcome: 'rolled-back', verified: false })
    expect(world.report.warnings).toContainEqual(warning)
  })
})
