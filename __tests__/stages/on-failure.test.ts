import { afterEach, describe, expect, it } from '@jest/globals'

import type { PolicyInputs } from '../../src/core/inputs/deploy/policies.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import {
  allowed,
  crashing,
  failure,
  reset,
  throttled,
  withBreaker,
} from '../support/rollout-scenarios.ts'
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

const policies = (differences: Partial<PolicyInputs>): { readonly policies: PolicyInputs } => ({
  policies: { ...usualPolicies, ...differences },
})
const rollBack = policies({ onFailure: 'rollback' })
const rollBackLate = { ...policies({ onTimeout: 'rollback' }), waitMinutes: 3 }
const follow = [
  'ListServiceDeployments',
  'DescribeServiceDeployments',
  'ListTasks',
  'DescribeTasks',
]

describe('on-failure: rollback', () => {
  it('has ECS roll back what our detector calls failed, and keeps the cause', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1), rollBack)
    expect(outcome).toMatchObject({ outcome: 'rolled-back', changed: true, verified: false })
    expect(outcome.error?.code).toBe('rollout-rolled-back')
    expect(outcome.error?.message).toMatch(/the deployment fails: .*; ECS rolled it back as asked/)
    expect(outcome.error?.message).toContain('exit code 3')
    expect(await world.running()).toBe('web:1')
    expect(world.requests('StopServiceDeployment')).toBe(1)
    expect(world.report.ongoing).toEqual([])
  })

  it('leaves the deployment alone unless it is asked for', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    expect(await world.deploy(pushedImage(1))).toMatchObject({ outcome: 'failed' })
    expect(world.requests('StopServiceDeployment')).toBe(0)
    expect(await world.running()).toBe('web:2')
  })

  it("sends nothing where the service's own breaker rolls back", async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    expect(await world.deploy(pushedImage(1), rollBack)).toMatchObject({ outcome: 'rolled-back' })
    expect(world.requests('StopServiceDeployment')).toBe(0)
  })

  it('is failed, and says so, where ECS has ended the deployment without going back', async () => {
    const world = await createWorld({ service: withBreaker(false) })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1), rollBack)
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'rollout-failed' } })
    expect(outcome.error?.message).toContain('ECS had ended it already and rolls nothing back')
  })

  it('is rollback-failed where what ECS would return to cannot be run any more', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    const session = world.with({
      stopServiceDeployment: async (input) => {
        await world.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' })
        return await world.session.ecs.stopServiceDeployment(input)
      },
    })
    const outcome = await world.deploy(pushedImage(1), rollBack, session)
    expect(outcome).toMatchObject({
      outcome: 'rollback-failed',
      error: { code: 'rollback-failed' },
    })
    expect(outcome.error?.message).toContain('the deployment fails: ')
  })

  it('stays failed without the permission, and names it', async () => {
    const world = await createWorld({ allow: allowed(...follow) })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1), rollBack)
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'rollout-failed' } })
    expect(outcome.error?.message).toContain('ecs:StopServiceDeployment')
    expect(world.report.warnings.join('\n')).toContain(
      'without the permission ecs:StopServiceDeployment',
    )
    expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
    expect(await world.running()).toBe('web:2')
  })

  it('stays failed where the record of the deployment cannot be found', async () => {
    const world = await createWorld({ allow: allowed('ListTasks', 'DescribeTasks') })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1), rollBack)
    expect(outcome).toMatchObject({ outcome: 'failed', deploymentArn: undefined })
    expect(outcome.error?.message).toContain('ecs:ListServiceDeployments')
  })

  it.each([
    ['lost after it was taken', true],
    ['lost before it arrived', false],
  ])('looks at the record where the answer is %s', async (_when, taken) => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    let sent = 0
    const session = world.with({
      stopServiceDeployment: async (input) => {
        sent += 1
        if (sent === 1) {
          if (taken) await world.session.ecs.stopServiceDeployment(input)
          throw failure(reset)
        }
        return await world.session.ecs.stopServiceDeployment(input)
      },
    })
    const outcome = await world.deploy(pushedImage(1), rollBack, session)
    expect(outcome).toMatchObject({ outcome: 'rolled-back' })
    expect(world.requests('StopServiceDeployment')).toBe(1)
    expect(sent).toBe(taken ? 1 : 2)
  })

  it('asks again when it is throttled', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    let refusals = 2
    const session = world.with({
      stopServiceDeployment: (input) => {
        if (refusals === 0) return world.session.ecs.stopServiceDeployment(input)
        refusals -= 1
        return Promise.reject(failure(throttled))
      },
    })
    const outcome = await world.deploy(pushedImage(1), rollBack, session)
    expect(outcome).toMatchObject({ outcome: 'rolled-back' })
  })

  it('is superseded where somebody deploys meanwhile', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    const session = world.with({
      stopServiceDeployment: async (input) => {
        await world.call('UpdateService', {
          ...{ cluster: 'prod', service: 'web', taskDefinition: 'web:1' },
          forceNewDeployment: true,
        })
        return await world.session.ecs.stopServiceDeployment(input)
      },
    })
    const outcome = await world.deploy(pushedImage(1), rollBack, session)
    expect(outcome).toMatchObject({ outcome: 'superseded' })
    expect(outcome.error?.message).toContain('a newer deployment took over before the rollback')
  })

  it('is deployed where ECS completes the deployment before the rollback begins', async () => {
    const world = await createWorld({ pace: { requestTakesMs: 600_000 } })
    world.script({ 'web:2': crashing })
    const session = world.with({
      stopServiceDeployment: (input) => {
        world.script({ 'web:2': {} })
        return world.session.ecs.stopServiceDeployment(input)
      },
    })
    const outcome = await world.deploy(pushedImage(1), rollBack, session)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.requests('StopServiceDeployment')).toBe(1)
    expect(await world.running()).toBe('web:2')
  })
})

describe('on-timeout: rollback', () => {
  it('stays timed-out and says where the deployment landed', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { startMs: 3_600_000 } })
    const outcome = await world.deploy(pushedImage(1), rollBackLate)
    expect(outcome).toMatchObject({ outcome: 'timed-out', error: { code: 'rollout-timed-out' } })
    expect(outcome.error?.message).toMatch(
      /not complete after 3 min; .*; ECS rolled it back as asked/,
    )
    expect(await world.running()).toBe('web:1')
    expect(world.report.ongoing).toEqual([])
  })

  it('waits ten minutes for the landing, and not longer', async () => {
    const world = await createWorld({ pace: { requestTakesMs: 3_600_000 } })
    world.script({ 'web:2': { startMs: 3_600_000 } })
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1), rollBackLate)
    expect(outcome).toMatchObject({ outcome: 'timed-out' })
    expect(outcome.error?.message).toContain('the rollback has not landed')
    expect(world.clock.monotonicMs() - startedAtMs).toBe(13 * 60_000)
    expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it('says that ECS completed the deployment after all', async () => {
    const world = await createWorld({ pace: { requestTakesMs: 600_000 } })
    world.script({ 'web:2': { startMs: 200_000 } })
    const outcome = await world.deploy(pushedImage(1), rollBackLate)
    expect(outcome).toMatchObject({ outcome: 'timed-out' })
    expect(outcome.error?.message).toContain('ECS completed the deployment before the rollback')
  })
})

describe('on-superseded', () => {
  const supersede = {
    ...{ cluster: 'prod', service: 'web', taskDefinition: 'web:1', forceNewDeployment: true },
  }

  it.each([
    ['fail', undefined],
    ['succeed', true],
  ] as const)('%s decides whether the run is red, never what is true', async (choice, accepted) => {
    const world = await createWorld()
    let rests = 0
    world.clock.onRest = async () => {
      rests += 1
      if (rests === 3) await world.call('UpdateService', supersede)
    }
    const outcome = await world.deploy(pushedImage(1), policies({ onSuperseded: choice }))
    expect(outcome).toMatchObject({ outcome: 'superseded', verified: false })
    expect(outcome.accepted).toBe(accepted)
    expect(outcome.error?.code).toBe('rollout-superseded')
  })
})
