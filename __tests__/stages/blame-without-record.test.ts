import { afterEach, describe, expect, it } from '@jest/globals'

import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { allowed, crashing, unpullable, withBreaker } from '../support/rollout-scenarios.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const hour = 3_600_000

describe('a rollback that is seen without the record of the deployment', () => {
  it('is not blamed on what an earlier deployment failed for, and its own events are told', async () => {
    world = await EcsWorld.create({ allow: allowed(), service: withBreaker(true) })
    world.script({ 'web:2': unpullable })
    expect(await world.deploy(pushedImage(1))).toMatchObject({ outcome: 'rolled-back' })
    await world.clock.sleep(3 * hour)
    world.script({ 'web:3': crashing })
    const begunAt = world.clock.now()
    const told = world.report.untrustedLines.length
    const outcome = await world.deploy(pushedImage(2))
    expect(outcome.outcome).toBe('rolled-back')
    expect(outcome.error?.message).not.toContain('could not be pulled')
    const { events } = outcome.evidence
    expect(events.length).toBeGreaterThan(0)
    expect(events.filter(({ at }) => at < begunAt)).toEqual([])
    expect(world.report.untrustedLines.slice(told).join('\n')).toMatch(/event: .*roll(ing|ed) back/)
  })
})
