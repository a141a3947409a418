import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { objectsAt, stringAt } from '../../src/core/json.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import { stages } from '../../src/core/rollout/observation/stage.ts'
import {
  createBlueGreenWorld,
  lambdaArn,
  lambdaAt,
  pauseAt,
  waiting,
} from '../support/blue-green.ts'
import type { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { allowed, crashing, supersede } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

/** What happens to one deployment. */
interface History {
  readonly bakeTimeInMinutes: number
  readonly lambdaStages: readonly string[]
  readonly lambdaAnswers: readonly ('SUCCEEDED' | 'FAILED' | 'IN_PROGRESS')[]
  readonly pauseStages: readonly string[]
  readonly onPause: 'continue' | 'rollback' | 'return'
  readonly crashes: boolean
  readonly alarmAtRest: number | undefined
  readonly supersededAtRest: number | undefined
  readonly mayReadRecord: boolean
}

const pausable = stages.filter(
  (stage) => !['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'SCALE_UP'].includes(stage),
)
const hookStages = pausable.filter((stage) => !['BAKE_TIME', 'CLEAN_UP'].includes(stage))
const rarely = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined, freq: 2 })

const history: fc.Arbitrary<History> = fc.record({
  bakeTimeInMinutes: fc.integer({ min: 0, max: 3 }),
  lambdaStages: fc.uniqueArray(fc.constantFrom(...hookStages), { maxLength: 2 }),
  lambdaAnswers: fc.array(
    fc.constantFrom('SUCCEEDED' as const, 'IN_PROGRESS' as const, 'FAILED' as const),
    { maxLength: 2 },
  ),
  pauseStages: fc.uniqueArray(fc.constantFrom(...hookStages), { maxLength: 2 }),
  onPause: fc.constantFrom('continue' as const, 'rollback' as const, 'return' as const),
  crashes: fc.integer({ min: 1, max: 6 }).map((dice) => dice === 6),
  alarmAtRest: rarely(fc.integer({ min: 1, max: 40 })),
  supersededAtRest: rarely(fc.integer({ min: 1, max: 40 })),
  mayReadRecord: fc.boolean(),
})

const followed = allowed(
  ...['ListServiceDeployments', 'DescribeServiceDeployments', 'ContinueServiceDeployment'],
  ...['DescribeServiceRevisions', 'ListTasks', 'DescribeTasks'],
)
const blind = allowed('DescribeServiceRevisions', 'ListTasks', 'DescribeTasks')

async function play(told: History): Promise<{ world: EcsWorld; outcome: ServiceOutcome }> {
  const hooks = [
    ...(told.lambdaStages.length > 0 ? [lambdaAt(...told.lambdaStages)] : []),
    ...(told.pauseStages.length > 0 ? [pauseAt(...told.pauseStages)] : []),
  ]
  const configuration = {
    bakeTimeInMinutes: told.bakeTimeInMinutes,
    lifecycleHooks: hooks,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    alarms: { alarmNames: ['errors'], enable: true, rollback: true },
  }
  const allow = told.mayReadRecord ? followed : blind
  const world = await createBlueGreenWorld(configuration, { allow })
  current = world
  const answers = [...told.lambdaAnswers, 'SUCCEEDED' as const]
  world.simulator.ecs.lambda.follow(
    lambdaArn,
    answers.map((hookStatus) => ({ hookStatus })),
  )
  if (told.crashes) world.script({ 'web:2': crashing })
  let rests = 0
  world.clock.onRest = async () => {
    rests += 1
    if (rests === told.alarmAtRest) {
      world.simulator.ecs.disturb({ kind: 'set-alarm', alarm: 'errors', state: 'ALARM' })
    }
    if (rests === told.supersededAtRest) await world.call('UpdateService', supersede)
  }
  const inputs = { ...waiting(told.onPause), waitMinutes: 15 }
  return { world, outcome: await world.deploy(pushedImage(1), inputs) }
}

/** What ECS itself has on record of our deployment, as somebody who may read it. */
async function statusOf(world: EcsWorld, { deploymentId }: ServiceOutcome): Promise<string> {
  const number = deploymentId?.split('/').at(-1) ?? 'none'
  const list = await world.call('ListServiceDeployments', { cluster: 'prod', service: 'web' })
  const ours = objectsAt(list, 'serviceDeployments').find((each) =>
    stringAt(each, 'targetServiceRevisionArn')?.endsWith(`/${number}`),
  )
  return stringAt(ours ?? {}, 'status') ?? 'none'
}

/** The statuses that may stand in ECS's record beside an outcome. */
const legal: Readonly<Record<string, readonly string[]>> = {
  deployed: ['SUCCESSFUL'],
  'rolled-back': ['ROLLBACK_SUCCESSFUL'],
  'rollback-failed': ['ROLLBACK_FAILED'],
  superseded: ['STOPPED', 'STOP_REQUESTED', 'SUCCESSFUL', 'ROLLBACK_SUCCESSFUL'],
  failed: ['STOPPED', 'STOP_REQUESTED'],
  stopped: ['STOPPED', 'STOP_REQUESTED'],
  paused: ['IN_PROGRESS'],
  'timed-out': ['PENDING', 'IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'],
}

/**
 * Without the record a newer deployment that was rolled back itself cannot be told from a rollback
 * of ours: the service shows the older one as PRIMARY in both.
 */
function legalFor(outcome: string, { mayReadRecord }: History): readonly string[] {
  const statuses = legal[outcome] ?? []
  return outcome === 'rolled-back' && !mayReadRecord ? [...statuses, 'STOPPED'] : statuses
}

describe('what is said of a blue/green deployment', () => {
  it('agrees with the record that ECS keeps of it, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (told) => {
        const { world, outcome } = await play(told)
        const status = await statusOf(world, outcome)
        expect({
          ...{ outcome: outcome.outcome, status },
          legal: legalFor(outcome.outcome, told),
        }).toEqual({
          ...{ outcome: outcome.outcome, status },
          legal: expect.arrayContaining([status]),
        })
        if (outcome.outcome === 'deployed') expect(await world.running()).toBe('web:2')
        if (outcome.outcome === 'paused') expect(outcome.hookId).toMatch(/^ecs-pause-/)
        await world.close()
        current = undefined
      }),
      { numRuns: 30, endOnFailure: true },
    )
  }, 120_000)
})

describe('a deployment in steps', () => {
  const steps = {
    LINEAR: { linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 2 } },
    CANARY: { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 } },
  }
  const shifts = {
    LINEAR: ['40 % of the traffic (step 1 of 3)', '80 % of the traffic (step 2 of 3)'],
    CANARY: ['10 % of the traffic (step 1 of 2)'],
  }
  const createWorld = async (strategy: 'LINEAR' | 'CANARY'): Promise<EcsWorld> => {
    const deploymentConfiguration = { strategy, bakeTimeInMinutes: 0, ...steps[strategy] }
    return (current = await createBlueGreenWorld({}, { service: { deploymentConfiguration } }))
  }

  it.each(['LINEAR', 'CANARY'] as const)(
    'with strategy %s is followed to its end',
    async (strategy) => {
      const world = await createWorld(strategy)
      const outcome = await world.deploy(pushedImage(1))
      expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
      expect(await statusOf(world, outcome)).toBe('SUCCESSFUL')
      const told = world.report.lines.join('\n')
      for (const shift of shifts[strategy]) expect(told).toContain(shift)
      expect(told).toMatch(/get 100 % of the traffic \(step \d of \d\)/)
    },
  )

  it.each(['LINEAR', 'CANARY'] as const)(
    'with strategy %s has shifted its traffic once it has all of it, and not before',
    async (strategy) => {
      const world = await createWorld(strategy)
      const inputs = waiting('wait', { kind: 'traffic-shifted' })
      const outcome = await world.deploy(pushedImage(1), inputs)
      expect(outcome).toMatchObject({ outcome: 'traffic-shifted' })
      expect(await statusOf(world, outcome)).toBe('IN_PROGRESS')
      const told = world.report.lines.join('\n')
      for (const shift of shifts[strategy]) expect(told).toContain(shift)
      const input = { serviceDeploymentArns: [outcome.deploymentArn ?? ''] }
      const answer = await world.call('DescribeServiceDeployments', input)
      expect(objectsAt(answer, 'serviceDeployments')).toMatchObject([
        { targetServiceRevision: { requestedProductionTrafficWeight: 100 } },
      ])
    },
  )
})
