import { afterEach, describe, expect, it } from '@jest/globals'

import { objectAt, objectsAt } from '../../src/core/json.ts'
import { timingsOf } from '../../src/core/rollout/evidence/time-advice.ts'
import { after } from '../support/after.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { partsOf } from '../support/rollout-time.ts'
import { allowed, crashing, withBreaker } from '../support/rollout-scenarios.ts'

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

describe('where the time went of a rollout that failed', () => {
  it('is told of one that was rolled back: failing tasks, and the way back', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': { ...short, exitsAfterMs: 40_000 } })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('rolled-back')
    expect(partsOf(outcome)).toEqual({
      ...{ pull: 3, start: 2, failing: 80, rollback: 21, other: 3 },
    })
    const { time } = outcome.evidence
    expect(time).toMatchObject({ end: 'cut-short', failedTasks: 4, slowest: { failing: 40 } })
    expect(time && timingsOf(time)).toMatchObject({ 'rollout-failing': 80, 'rollout-total': 109 })
    expect(outcome.evidence.timeAdvice).toMatch(/^80 s of this rollout was tasks that failed: /)
    expect(world.report.lines).toContain(
      'web: the rollout took 1 min 49 s: rollback 21.0 s, pull 3.0 s, start 2.0 s, failing 1 min 20 s, other 3.0 s',
    )
  })

  it('names a rollback that takes longest, and what it took', async () => {
    const service = { loadBalancers, ...withBreaker(true), healthCheckGracePeriodSeconds: 60 }
    const world = await createWorld({ service })
    world.script({ 'web:2': { failsTargetChecks: 'codes: [502]' } })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'rolled-back' })
    expect(partsOf(outcome)).toMatchObject({ failing: 122, rollback: 302 })
    expect(outcome.evidence.time?.slowest.failing).toBeLessThan(70)
    expect(outcome.evidence.timeAdvice).toMatch(/^302 s of this rollout was the rollback: /)
    expect(world.requestsOfBalancer()).not.toContain('DescribeTargetGroupAttributes')
  })

  it('is told from events where the record may not be read, if the list gives its beginning', async () => {
    const allow = allowed('ListTasks', 'DescribeTasks', 'ListServiceDeployments')
    const world = await createWorld({ service: withBreaker(true), allow })
    world.script({ 'web:2': short })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('rolled-back')
    expect(partsOf(outcome)).toMatchObject({ failing: 40, rollback: 20 })
    expect(outcome.evidence.time?.end).toBe('cut-short')
  })

  it('is told without a record and a list, from the beginning that UpdateService told', async () => {
    const allow = allowed('ListTasks', 'DescribeTasks')
    const world = await createWorld({ service: withBreaker(true), allow })
    world.script({ 'web:2': short })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('rolled-back')
    expect(partsOf(outcome)).toMatchObject({ failing: 40, rollback: 20 })
  })

  it('is not told where nothing says when it began', async () => {
    const allow = allowed('ListTasks', 'DescribeTasks')
    const world = await createWorld({ service: withBreaker(true), allow })
    world.script({ 'web:2': short })
    const session = world.with({
      updateService: async (input) => {
        const answer = await world.session.ecs.updateService(input)
        const service = objectAt(answer, 'service')
        const deployments = objectsAt(service, 'deployments').map((deployment) => ({
          ...{ ...deployment, createdAt: null },
        }))
        return { service: { ...service, deployments } }
      },
    })
    const { outcome, evidence } = await world.deploy(pushedImage(1), {}, session)
    expect([outcome, evidence.time]).toEqual(['rolled-back', undefined])
  })

  it('is told of one that ECS ended without going back', async () => {
    const world = await createWorld({ service: withBreaker(false) })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('failed')
    expect(partsOf(outcome)).toMatchObject({ pull: 3, start: 2, failing: 4 })
    expect(outcome.evidence.time?.end).toBe('cut-short')
  })

  it('is told up to the last time of AWS where ECS goes on', async () => {
    const world = await createWorld()
    world.script({ 'web:2': short })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('failed')
    expect(partsOf(outcome)).toMatchObject({ failing: 40 })
    const { time } = outcome.evidence
    expect(time?.end).toBe('under-way')
    expect(time && timingsOf(time)).not.toHaveProperty('rollout-total')
    expect(world.report.lines.join('\n')).toMatch(
      /web: the first \d+\.\d s of the rollout, as far as AWS's times reach: pull 4\.5 s, /,
    )
  })

  it('is told of a bake that an alarm ended', async () => {
    const world = await createWorld()
    const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
    await world.call('UpdateService', {
      ...{ cluster: 'prod', service: 'web' },
      deploymentConfiguration: { bakeTimeInMinutes: 10, alarms },
    })
    after(world, 240, () => {
      world.simulator.ecs.disturb({ kind: 'set-alarm', alarm: 'errors', state: 'ALARM' })
    })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('rolled-back')
    const { bake, rollback, health } = partsOf(outcome)
    expect(health).toBe(41)
    expect(rollback).toBeGreaterThan(0)
    // Old tasks were gone after 45 s.
    expect(Math.abs((bake ?? 0) - 195)).toBeLessThan(6)
  })
})
