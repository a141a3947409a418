import { afterEach, describe, expect, it } from '@jest/globals'

import { createBlueGreenWorld } from '../support/blue-green.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { unpullable } from '../support/rollout-scenarios.ts'
import { usualPolicies } from '../support/usual-policies.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

/** A service whose new deployments are not listed for so long. */
async function worldWith(listLagMs: number, options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create({ ...options, pace: { listLagMs, ...options.pace } })
  return current
}

async function deployTimed(world: EcsWorld) {
  const startMs = world.clock.monotonicMs()
  const outcome = await world.deploy(pushedImage(1))
  return { outcome, lastedMs: world.clock.monotonicMs() - startMs }
}

describe('a deployment that ListServiceDeployments does not show yet', () => {
  it('is green as soon as the service says so', async () => {
    const noTasks = { service: { desiredCount: 0 } }
    const prompt = await deployTimed(await worldWith(0, noTasks))
    await current?.close()
    const late = await deployTimed(await worldWith(600_000, noTasks))
    expect(late.outcome).toMatchObject({ outcome: 'deployed' })
    expect(late.lastedMs).toBeLessThanOrEqual(prompt.lastedMs)
  })

  it('is told about while it is looked for', async () => {
    const world = await worldWith(600_000)
    const toldMs: number[] = []
    const startMs = world.clock.monotonicMs()
    world.clock.onRest = (nowMs) => {
      if (world.report.lines.some((line) => line.includes('new tasks running'))) {
        toldMs.push(nowMs - startMs)
      }
    }
    await world.deploy(pushedImage(1))
    expect(toldMs[0]).toBeLessThan(5_000)
  })

  it('is not called failed before its record could be found, so that it can be rolled back', async () => {
    const world = await worldWith(20_000)
    world.script({ 'web:2': unpullable })
    const policies = { ...usualPolicies, onFailure: 'rollback' as const }
    const outcome = await world.deploy(pushedImage(1), { policies })
    expect(outcome.outcome).toBe('rolled-back')
    expect(outcome.deploymentArn).toBeDefined()
  })

  it('is found later than usual, too, and ends by its record', async () => {
    current = await createBlueGreenWorld({}, { pace: { listLagMs: 45_000 } })
    const outcome = await current.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(outcome.deploymentArn).toContain(':service-deployment/prod/web/')
    expect(current.report.lines.join('\n')).toContain('stage BAKE_TIME')
  })
})
