import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { objectsAt, stringAt, type JsonObject } from '../../src/core/json.ts'
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

describe('what is said of a blue/green deployment', () => {
  it('agrees with the record that ECS keeps of it, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (told) => {
        const { world, outcome } = await play(told)
        const status = await statusOf(world, outcome)
        expect({ outcome: outcome.outcome, status, legal: legal[outcome.outcome] }).toEqual({
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
  /** ECS's answers as a service of another strategy would give them. */
  const inSteps = (world: EcsWorld, strategy: string, production?: number) => {
    const changed = async (answer: Promise<JsonObject>): Promise<JsonObject> => {
      const text = JSON.stringify(await answer).replaceAll('"BLUE_GREEN"', `"${strategy}"`)
      const weight = '"requestedProductionTrafficWeight":'
      const told =
        production === undefined ? text : text.replaceAll(`${weight}100`, `${weight}${production}`)
      return JSON.parse(told) as JsonObject
    }
    const { ecs } = world.session
    return world.with({
      describeServices: (input) => changed(ecs.describeServices(input)),
      describeServiceDeployments: (input) => changed(ecs.describeServiceDeployments(input)),
    })
  }

  it.each(['LINEAR', 'CANARY'])('with strategy %s is followed to its end', async (strategy) => {
    const world = (current = await createBlueGreenWorld())
    const session = inSteps(world, strategy)
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.lines.join('\n')).toMatch(/get 100 % of the traffic \(step \d+ of \d+\)/)
  })

  it('has not shifted its traffic while ECS tells less than all of it', async () => {
    const world = (current = await createBlueGreenWorld())
    const session = inSteps(world, 'LINEAR', 30)
    const inputs = waiting('wait', { kind: 'traffic-shifted' })
    const outcome = await world.deploy(pushedImage(1), inputs, session)
    expect(outcome).toMatchObject({ outcome: 'deployed' })
    expect(world.report.lines.join('\n')).toContain('30 % of the traffic (step 3 of 10)')
  })
})
