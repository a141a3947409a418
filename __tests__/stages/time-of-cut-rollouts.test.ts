import { afterEach, describe, expect, it } from '@jest/globals'

import { after } from '../support/after.ts'
import { createBlueGreenWorld, pauseAt, waiting } from '../support/blue-green.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { partsOf } from '../support/rollout-time.ts'
import { crashing, failure, supersede, withBreaker } from '../support/rollout-scenarios.ts'
import { usualPolicies } from '../support/usual-policies.ts'

const targetGroupArn =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'
const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 80 }]
const short = { exitsAfterMs: 20_000, exitCode: 3 }

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

describe('where the time went of a rollout that was cut off', () => {
  it('is told of one that timed out: a pull that took most of it', async () => {
    const service = { loadBalancers, healthCheckGracePeriodSeconds: 3_600 }
    const world = await createWorld({ service })
    world.script({ 'web:2': { pullMs: 180_000, failsTargetChecks: 'codes: [502]' } })
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 5 })
    expect(outcome.outcome).toBe('timed-out')
    expect(partsOf(outcome)).toMatchObject({ pull: 180, start: 1 })
    expect(outcome.evidence.time?.end).toBe('under-way')
    expect(outcome.evidence.timeAdvice).toBe(
      '180 s of this rollout was pulling the image: make the image smaller',
    )
  })

  it('is told of one that timed out and was rolled back', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { pullMs: 60_000, startMs: 3_600_000 } })
    const policies = { ...usualPolicies, onTimeout: 'rollback' as const }
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 3, policies })
    expect(outcome.outcome).toBe('timed-out')
    const { pull, start, rollback } = partsOf(outcome)
    expect(pull).toBe(60)
    // Up to the end of the deadline, when it was asked for.
    expect(start).toBeGreaterThan(110)
    expect(rollback).toBeGreaterThan(0)
  })

  it('is told of one that another took the place of', async () => {
    const world = await createWorld({ service: { loadBalancers } })
    after(world, 120, () => world.call('UpdateService', supersede))
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('superseded')
    const { health, deregistration } = partsOf(outcome)
    expect(health).toBe(11)
    expect(Math.abs((deregistration ?? 0) - 106)).toBeLessThan(6)
  })

  it('is told of one that ended with its service', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { startMs: 3_600_000 } })
    after(world, 60, () =>
      world.call('DeleteService', { cluster: 'prod', service: 'web', force: true }),
    )
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('stopped')
    const { start } = partsOf(outcome)
    expect(Math.abs((start ?? 0) - 60)).toBeLessThan(8)
  })

  it('is told of one that runs another image in the end', async () => {
    const world = await createWorld()
    const imageDigest = `sha256:${'a'.repeat(64)}`
    const containerImages = [{ containerName: 'app', imageDigest }]
    const session = world.with({
      describeServiceRevisions: () => Promise.resolve({ serviceRevisions: [{ containerImages }] }),
    })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome.outcome).toBe('wrong-image')
    expect(partsOf(outcome)).toEqual({ pull: 1.5, start: 1, health: 41, stop: 1, other: 2 })
    expect(outcome.evidence.time?.end).toBe('complete')
  })

  it('is told of one that is paused', async () => {
    current = await createBlueGreenWorld({ lifecycleHooks: [pauseAt('POST_TEST_TRAFFIC_SHIFT')] })
    current.script({ 'web:2': { pullMs: 30_000 } })
    const outcome = await current.deploy(pushedImage(1), waiting('return'))
    expect(outcome.outcome).toBe('paused')
    expect(partsOf(outcome)).toMatchObject({ pull: 30, start: 1 })
    // What the old tasks would tell of health is still to come, and the pause has no time.
    expect(partsOf(outcome)).not.toHaveProperty('health')
    expect(outcome.evidence.time?.end).toBe('under-way')
  })

  it('asks for nothing more once ECS does not answer', async () => {
    const world = await createWorld()
    world.script({ 'web:2': short })
    let asked: readonly string[] | undefined
    const session = world.with({
      describeServices: (input) => {
        if (world.clock.monotonicMs() < lostAtMs) return world.session.ecs.describeServices(input)
        asked = []
        return Promise.reject(failure({ code: 'ExpiredTokenException', httpStatus: 400 }))
      },
    })
    const lostAtMs = world.clock.monotonicMs() + 40_000
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect([outcome.outcome, asked]).toEqual(['unknown', []])
    expect(partsOf(outcome)).toMatchObject({ failing: 20 })
  })
})

describe('where the time went', () => {
  it('is not told of a service that was not rolled out', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    const outcome = await world.deploy(pushedImage(1))
    expect([outcome.outcome, outcome.evidence.time]).toEqual(['unchanged', undefined])
  })

  it('costs a rollout that timed out one call more, and no warning', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { startMs: 3_600_000 } })
    await world.deploy(pushedImage(1), { waitMinutes: 2 })
    const last = world.simulator.requests.list('ecs').slice(-2)
    expect(last.map(({ operation }) => operation)).toEqual(['ListTasks', 'DescribeTasks'])
    expect(world.report.warnings).toEqual([])
  })

  it('does not change the verdict where tasks cannot be read', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    const session = world.with({
      describeTasks: () => Promise.reject(failure({ code: 'ServerException', httpStatus: 500 })),
    })
    const { outcome, evidence } = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toBe('rolled-back')
    expect(evidence.time?.parts).toMatchObject({ failing: 0, pull: 0 })
    expect(evidence.time?.parts.rollback).toBeGreaterThan(0)
  })
})
