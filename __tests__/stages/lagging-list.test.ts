import { afterEach, expect, it } from '@jest/globals'

import { dateAt, objectsAt } from '../../src/core/json.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { crashing, supersede, withBreaker } from '../support/rollout-scenarios.ts'

let world: EcsWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** A deploy whose lists lag, with one thing that happens to the service at a rest. */
async function deployLagging(
  lagMs: number,
  options: WorldOptions,
  happens: { readonly afterMs: number; readonly what: (own: EcsWorld) => Promise<void> },
): Promise<ServiceOutcome> {
  const own = await EcsWorld.create(options)
  world = own
  const startMs = own.clock.monotonicMs()
  let done = false
  own.clock.onRest = async (nowMs) => {
    if (done || nowMs < startMs + happens.afterMs) return
    done = true
    await happens.what(own)
  }
  const session = own.with({
    listServiceDeployments: async (input) => {
      const answer = await own.session.ecs.listServiceDeployments(input)
      const known = objectsAt(answer, 'serviceDeployments').filter(
        (brief) => Number(dateAt(brief, 'createdAt')) <= own.clock.monotonicMs() - lagMs,
      )
      return { ...answer, serviceDeployments: known }
    },
  })
  if (options.service !== undefined) own.script({ 'web:2': crashing })
  return await own.deploy(pushedImage(1), { waitMinutes: 10 }, session)
}

const somebodyElse = async (own: EcsWorld): Promise<void> => {
  await own.call('UpdateService', supersede)
}

it('is superseded by one that the list does not show yet', async () => {
  const outcome = await deployLagging(20_000, {}, { afterMs: 1_000, what: somebodyElse })
  expect(outcome.outcome).toBe('superseded')
  expect(outcome.error?.message).toContain('web:1 (ecs-svc/')
})

it('takes a newer deployment of the definition before for no rollback', async () => {
  const failed = { service: withBreaker(false) }
  const outcome = await deployLagging(3_600_000, failed, { afterMs: 31_000, what: somebodyElse })
  expect(['failed', 'superseded']).toContain(outcome.outcome)
})

it('is rolled back where that was over before the first look at the service', async () => {
  const stop = async (own: EcsWorld): Promise<void> => {
    const answer = await own.call('ListServiceDeployments', { cluster: 'prod', service: 'web' })
    const [ours] = objectsAt(answer, 'serviceDeployments')
    await own.call('StopServiceDeployment', {
      serviceDeploymentArn: ours?.['serviceDeploymentArn'] ?? '',
    })
  }
  const outcome = await deployLagging(3_600_000, {}, { afterMs: 0, what: stop })
  expect(outcome.outcome).toBe('rolled-back')
})
