import { afterEach, describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../src/core/json.ts'
import {
  createBlueGreenWorld,
  lambdaArn,
  lambdaAt,
  pauseAt,
  waiting,
} from '../support/blue-green.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { allowed, crashing } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(
  configuration: JsonObject = {},
  options: WorldOptions = {},
): Promise<EcsWorld> {
  current = await createBlueGreenWorld(configuration, options)
  return current
}

describe('a blue/green deployment that succeeds', () => {
  it('ends deployed and verified after its bake time, with every stage told', async () => {
    const world = await createWorld()
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', changed: true, verified: true })
    expect(await world.running()).toBe('web:2')
    expect(world.report.warnings).toEqual([])
    const told = world.report.lines.join('\n')
    for (const stage of [
      'SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
    ]) {
      expect(told).toContain(`stage ${stage}`)
    }
    expect(told).toContain('the new tasks get 100 % of the traffic, 0 % of the test traffic')
    expect(told).toContain('both revisions run for the bake time of 5 min')
  })

  it('looks every 4 s, in the bake every 15 s, and in its last 30 s every 4 s again', async () => {
    const world = await createWorld()
    const looks: number[] = []
    const baking: number[] = []
    const session = world.with({
      describeServiceDeployments: async (input) => {
        const answer = await world.session.ecs.describeServiceDeployments(input)
        const at = world.clock.monotonicMs()
        looks.push(at)
        if (JSON.stringify(answer).includes('BAKE_TIME')) baking.push(at)
        return answer
      },
    })
    await world.deploy(pushedImage(1), {}, session)
    const [first = 0] = baking
    const last = baking.at(-1) ?? 0
    const rests = baking.slice(1).map((at, n) => ({ at, ms: at - (baking[n] ?? 0) }))
    expect(rests.filter(({ ms }) => ms >= 13_500).length).toBeGreaterThan(10)
    for (const { at, ms } of rests.filter(({ at: end }) => end > first + 275_000)) {
      expect({ at, slow: ms > 4_400 }).toEqual({ at, slow: false })
    }
    expect(last - first).toBeGreaterThan(290_000)
    const before = looks.filter((at) => at <= first)
    expect(Math.max(...before.slice(1).map((at, n) => at - (before[n] ?? 0)))).toBeLessThan(4_500)
  })

  it('is deployed and not verified, with a warning, where the service runs no tasks', async () => {
    const world = await createWorld({}, { service: { desiredCount: 0 } })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: false })
    expect(world.report.warnings.join()).toContain('the service runs 0 tasks')
  })

  it('is waited for as long as its bake time, and 30 minutes', async () => {
    const world = await createWorld({ bakeTimeInMinutes: 90 })
    expect((await world.plan()).wait.mostMs).toBe(120 * 60_000)
    await expect(world.plan({ waitMinutes: 60 })).rejects.toThrow(
      /wait-for-minutes: "60" is less than what .* rest for: the bake time of 90 min/,
    )
  })
})

describe('a blue/green deployment without its record', () => {
  const blind = allowed('ListTasks', 'DescribeTasks', 'DescribeServiceRevisions')

  it('is not called deployed before the old tasks are gone', async () => {
    const world = await createWorld({}, { allow: blind })
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true, deploymentArn: undefined })
    expect(world.clock.monotonicMs() - startedAtMs).toBeGreaterThan(300_000)
    expect(world.report.warnings).toEqual([expect.stringContaining('stages and pauses not at all')])
  })

  it('is not called deployed while ECS calls green COMPLETED beside blue', async () => {
    const world = await createWorld({ bakeTimeInMinutes: 10 }, { allow: blind })
    const session = world.with({
      describeServices: async (input) => {
        const answer = await world.session.ecs.describeServices(input)
        const text = JSON.stringify(answer).replaceAll('"IN_PROGRESS"', '"COMPLETED"')
        return JSON.parse(text) as JsonObject
      },
    })
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 11 }, session)
    expect(outcome).toMatchObject({ outcome: 'timed-out' })
  })

  it('is rolled back where the service returns to the old tasks', async () => {
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } }
    const world = await createWorld(breaker, { allow: blind })
    world.script({ 'web:2': crashing })
    expect(await world.deploy(pushedImage(1))).toMatchObject({ outcome: 'rolled-back' })
  })
})

describe('a blue/green deployment that fails', () => {
  it('is rolled back by an alarm in the bake, and says at which stage', async () => {
    const alarms = { alarms: { alarmNames: ['errors'], enable: true, rollback: true } }
    const world = await createWorld(alarms)
    world.clock.onRest = async () => {
      const baking = world.report.lines.some((line) => line.includes('stage BAKE_TIME'))
      if (!baking) return
      world.clock.onRest = () => undefined
      await Promise.resolve()
      world.simulator.ecs.disturb({ kind: 'set-alarm', alarm: 'errors', state: 'ALARM' })
    }
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'rolled-back', verified: false })
    expect(outcome.error?.message).toMatch(
      /alarm was triggered: errors, last seen at stage BAKE_TIME/,
    )
    expect(await world.running()).toBe('web:1')
  })

  it('is rolled back by a Lambda hook, which is named with its stage', async () => {
    const world = await createWorld({ lifecycleHooks: [lambdaAt('POST_TEST_TRAFFIC_SHIFT')] })
    world.simulator.ecs.lambda.follow(lambdaArn, [
      { hookStatus: 'IN_PROGRESS' },
      { hookStatus: 'FAILED' },
    ])
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'rolled-back' })
    expect(outcome.error?.message).toContain(
      `at stage POST_TEST_TRAFFIC_SHIFT, Lambda hook ${lambdaArn}`,
    )
  })

  it('names a Lambda hook that fails before anybody has looked', async () => {
    const world = await createWorld({ lifecycleHooks: [lambdaAt('POST_TEST_TRAFFIC_SHIFT')] })
    world.simulator.ecs.lambda.follow(lambdaArn, [{ hookStatus: 'FAILED' }])
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'rolled-back' })
    expect(outcome.error?.message).toMatch(
      /hook failed, last seen at stage \w+: Lambda hook (\S+) at stage POST_TEST_TRAFFIC_SHIFT/,
    )
    expect(outcome.error?.message).toContain(lambdaArn)
  })

  it.each(['return', 'continue', 'rollback'] as const)(
    'waits for a Lambda hook in progress although on-pause is %s',
    async (onPause) => {
      const world = await createWorld({ lifecycleHooks: [lambdaAt('POST_SCALE_UP')] })
      const inProgress = { hookStatus: 'IN_PROGRESS' } as const
      world.simulator.ecs.lambda.follow(lambdaArn, [
        inProgress,
        inProgress,
        { hookStatus: 'SUCCEEDED' },
      ])
      const outcome = await world.deploy(pushedImage(1), waiting(onPause))
      expect(outcome).toMatchObject({ outcome: 'deployed' })
      expect(world.requests('ContinueServiceDeployment')).toBe(0)
    },
  )
})

describe('stages and statuses that nobody knows', () => {
  const renamed = (world: EcsWorld, from: string, to: string) =>
    world.with({
      describeServiceDeployments: async (input) => {
        const answer = await world.session.ecs.describeServiceDeployments(input)
        return JSON.parse(JSON.stringify(answer).replaceAll(`"${from}"`, `"${to}"`)) as JsonObject
      },
    })

  it.each([
    ['lifecycleStage', 'SCALE_UP', 'WARM_UP'],
    ['lifecycleStage', 'BAKE_TIME', 'SIMMER_TIME'],
    ['status', 'IN_PROGRESS', 'MOVING'],
  ])('go on: %s %s as %s', async (_member, from, to) => {
    const world = await createWorld()
    const outcome = await world.deploy(pushedImage(1), {}, renamed(world, from, to))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
  })

  it('are no success', async () => {
    const world = await createWorld()
    const session = renamed(world, 'SUCCESSFUL', 'MARVELLOUS')
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 20 }, session)
    expect(outcome).toMatchObject({ outcome: 'timed-out' })
  })

  it.each(['traffic-shifted', 'stage'] as const)('never meet wait-until: %s', async (kind) => {
    const world = await createWorld()
    const until = kind === 'stage' ? { kind, stage: 'BAKE_TIME' as const } : { kind }
    const session = renamed(world, 'BAKE_TIME', 'SIMMER_TIME')
    const outcome = await world.deploy(pushedImage(1), waiting('wait', until), session)
    // CLEAN_UP, which is known, comes after both.
    expect(outcome.stage).toBe('CLEAN_UP')
  })
})

describe('a pause', () => {
  const paused = { lifecycleHooks: [pauseAt('POST_TEST_TRAFFIC_SHIFT')] }

  it('is waited for to the deadline, and the error says how to answer it', async () => {
    const world = await createWorld(paused)
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 20 })
    expect(outcome).toMatchObject({
      ...{ outcome: 'timed-out', verified: false, stage: 'POST_TEST_TRAFFIC_SHIFT' },
      hookId: expect.stringMatching(/^ecs-pause-/),
    })
    const { message = '', remedy = '' } = outcome.error ?? {}
    expect(message).toContain(`somebody answers pause hook ${outcome.hookId ?? '?'} at stage POST`)
    expect(remedy).toContain('`mode: continue`')
    expect(remedy).toContain(`--service-deployment-arn ${outcome.deploymentArn ?? '?'}`)
    expect(world.report.notices).toEqual([expect.stringContaining('`hook-action: continue`')])
    expect(world.report.facts).toMatchObject({ hookId: outcome.hookId, stage: outcome.stage })
  })

  it('is looked at every 15 s', async () => {
    const world = await createWorld(paused)
    const before = world.requests('DescribeServiceDeployments')
    await world.deploy(pushedImage(1), { waitMinutes: 20 })
    const looks = world.requests('DescribeServiceDeployments') - before
    expect(looks).toBeGreaterThan(75)
    expect(looks).toBeLessThan(120)
  })

  it('that somebody answers ends deployed', async () => {
    const world = await createWorld(paused)
    world.clock.onRest = async () => {
      const { hookId, deploymentArn } = world.report.facts
      if (hookId === undefined || deploymentArn === undefined) return
      world.clock.onRest = () => undefined
      await world.call('ContinueServiceDeployment', { serviceDeploymentArn: deploymentArn, hookId })
    }
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(outcome.hookId).toBeUndefined()
  })

  it('returns with on-pause: return, verified by the new tasks, and AWS goes on', async () => {
    const world = await createWorld(paused)
    const outcome = await world.deploy(pushedImage(1), waiting('return'))
    expect(outcome).toMatchObject({
      ...{ outcome: 'paused', verified: true, changed: true, error: undefined },
      ...{ stage: 'POST_TEST_TRAFFIC_SHIFT', hookId: expect.stringMatching(/^ecs-pause-/) },
    })
    expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it('is not verified where no new task runs yet', async () => {
    const world = await createWorld({ lifecycleHooks: [pauseAt('PRE_SCALE_UP')] })
    const outcome = await world.deploy(pushedImage(1), waiting('return'))
    expect(outcome).toMatchObject({ outcome: 'paused', verified: false, stage: 'PRE_SCALE_UP' })
  })

  it('is answered once for each hook with on-pause: continue', async () => {
    const stages = ['PRE_SCALE_UP', 'POST_SCALE_UP', 'POST_PRODUCTION_TRAFFIC_SHIFT']
    const world = await createWorld({
      lifecycleHooks: [pauseAt(...stages), pauseAt('POST_SCALE_UP')],
    })
    const outcome = await world.deploy(pushedImage(1), waiting('continue'))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.requests('ContinueServiceDeployment')).toBe(4)
  })

  it('is answered once although ECS goes on showing that it waits', async () => {
    const world = await createWorld(paused)
    let shown = 0
    let stale: JsonObject | undefined
    const session = world.with({
      describeServiceDeployments: async (input) => {
        const answer = await world.session.ecs.describeServiceDeployments(input)
        if (JSON.stringify(answer).includes('AWAITING_ACTION')) stale = answer
        if (stale === undefined || shown >= 5) return answer
        shown += 1
        return stale
      },
    })
    const outcome = await world.deploy(pushedImage(1), waiting('continue'), session)
    expect(outcome).toMatchObject({ outcome: 'deployed' })
    expect(shown).toBe(5)
    expect(world.requests('ContinueServiceDeployment')).toBe(1)
  })

  it('is rolled back, red, with on-pause: rollback', async () => {
    const world = await createWorld(paused)
    const outcome = await world.deploy(pushedImage(1), waiting('rollback'))
    expect(outcome).toMatchObject({ outcome: 'rolled-back', verified: false })
    expect(outcome.error).toMatchObject({ code: 'rollout-rolled-back' })
    expect(await world.running()).toBe('web:1')
  })

  it('that may not be answered ends failed at once, with the permission and the way to answer', async () => {
    const allow = allowed('ListServiceDeployments', 'DescribeServiceDeployments')
    const world = await createWorld(paused, { allow })
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1), waiting('continue'))
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'access-denied' } })
    expect(outcome.error?.remedy).toContain('ecs:ContinueServiceDeployment')
    expect(outcome.error?.remedy).toContain('`mode: continue`')
    expect(world.clock.monotonicMs() - startedAtMs).toBeLessThan(120_000)
  })

  it('runs into its time-out, which is waited for, and rolls back', async () => {
    const hook = { ...pauseAt('POST_SCALE_UP'), timeoutConfiguration: { timeoutInMinutes: 45 } }
    const world = await createWorld({ lifecycleHooks: [hook] })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'rolled-back' })
    expect(outcome.error?.message).toContain('at stage POST_SCALE_UP, pause hook ecs-pause-')
  }, 30_000)
})

describe('wait-until', () => {
  it('traffic-shifted ends as the bake begins, verified', async () => {
    const world = await createWorld({ bakeTimeInMinutes: 60 })
    const until = { kind: 'traffic-shifted' } as const
    const outcome = await world.deploy(pushedImage(1), {
      ...waiting('wait', until),
      waitMinutes: 20,
    })
    expect(outcome).toMatchObject({
      outcome: 'traffic-shifted',
      verified: true,
      stage: 'BAKE_TIME',
    })
    expect(world.report.ongoing).toHaveLength(1)
  })

  it.each([
    'POST_TEST_TRAFFIC_SHIFT',
    'RECONCILE_SERVICE',
    'PRE_PRODUCTION_TRAFFIC_SHIFT',
  ] as const)(
    'stage:%s ends there, or past it where the deployment has no such stage',
    async (stage) => {
      const world = await createWorld()
      const outcome = await world.deploy(pushedImage(1), waiting('wait', { kind: 'stage', stage }))
      expect(outcome).toMatchObject({ outcome: 'stage-reached', error: undefined })
    },
  )

  it('is never met on the way back', async () => {
    const world = await createWorld({ lifecycleHooks: [lambdaAt('POST_SCALE_UP')] })
    world.simulator.ecs.lambda.follow(lambdaArn, [{ hookStatus: 'FAILED' }])
    const until = { kind: 'stage', stage: 'TEST_TRAFFIC_SHIFT' } as const
    const outcome = await world.deploy(pushedImage(1), waiting('wait', until))
    expect(outcome).toMatchObject({ outcome: 'rolled-back' })
  })

  it('is wrong-image where the new tasks run something else', async () => {
    const world = await createWorld()
    const until = { kind: 'traffic-shifted' } as const
    const session = world.with({
      describeTasks: async (input) => {
        const answer = await world.session.ecs.describeTasks(input)
        const other = JSON.stringify(answer).replaceAll('1'.repeat(64), '7'.repeat(64))
        return JSON.parse(other) as JsonObject
      },
    })
    const outcome = await world.deploy(pushedImage(1), waiting('wait', until), session)
    expect(outcome).toMatchObject({ outcome: 'wrong-image', error: { code: 'wrong-image' } })
  })

  it('needs a strategy with stages', async () => {
    current = await EcsWorld.create()
    const until = { kind: 'traffic-shifted' } as const
    await expect(current.plan(waiting('wait', until))).rejects.toThrow(
      /wait-until: "traffic-shifted" needs the deployment strategy BLUE_GREEN, LINEAR or CANARY; the service has ROLLING/,
    )
  })
})
