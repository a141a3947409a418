import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { objectAt, stringAt, stringsAt } from '../../src/core/json.ts'
import { planRunTask } from '../../src/core/plan/service/run-task-plan.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { continueDeployment } from '../../src/stages/deploy/continue-deployment.ts'
import { runTask, type TaskOutcome } from '../../src/stages/task/run-task.ts'
import { pauseAt } from '../support/blue-green.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { PausedWorld } from '../support/paused-world.ts'
import { failure, reset, throttled } from '../support/rollout-scenarios.ts'
import { commit } from '../support/run-context.ts'
import { usualRunTask } from '../support/run-task-inputs.ts'

let current: { close(): Promise<void> } | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

const cancelled = new ActionError('cancelled', 'the run was cancelled (SIGINT)', 'Look.')
const noToken = new ActionError('oidc-unavailable', 'no new token', 'Allow id-token: write.')
const expired = { code: 'ExpiredTokenException', httpStatus: 400 }

describe('a RunTask whose answer was lost', () => {
  const mayRun =
    'RunTask for a task of job:1 in cluster "prod" (us-east-1) was sent; ECS may be running it'

  async function createWorld(): Promise<EcsWorld> {
    const world = await EcsWorld.create()
    current = world
    return world
  }

  async function run(world: EcsWorld, session: AwsSession): Promise<TaskOutcome> {
    const answer = await world.call('RegisterTaskDefinition', {
      ...{ family: 'job', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
      ...{ cpu: '256', memory: '512', containerDefinitions: [{ name: 'app', image: 'job:1' }] },
    })
    const definition = objectAt(answer, 'taskDefinition')
    const plan = planRunTask(
      { ...usualRunTask, subnets: ['subnet-1'] },
      { cluster: 'prod', waitMinutes: undefined, logLines: undefined },
      { service: {}, definition, origin: 'revision job:1' },
    )
    const arn = stringAt(definition, 'taskDefinitionArn') ?? ''
    const revision = { arn, name: 'job:1', registered: true, definition }
    return await runTask(plan, revision, session, world.ports)
  }

  /** The first one is taken and its answer lost; the next ones end so. */
  function loseFirst(world: EcsWorld, next: Error): AwsSession {
    const { ecs } = world.session
    let sent = 0
    return world.with({
      runTask: async (input) => {
        sent += 1
        if (sent > 1) throw next
        await ecs.runTask(input)
        throw failure(reset)
      },
    })
  }

  async function jobs(world: EcsWorld): Promise<readonly string[]> {
    return stringsAt(await world.call('ListTasks', { cluster: 'prod', family: 'job' }), 'taskArns')
  }

  it('before a signal is said to have been sent, because the task runs', async () => {
    const world = await createWorld()
    world.clock.onRest = () => world.abort(cancelled)
    await expect(run(world, loseFirst(world, failure(reset)))).rejects.toBe(cancelled)
    expect([world.report.ongoing, (await jobs(world)).length]).toEqual([[mayRun], 1])
  })

  it('before a rest that is cut short after a throttled repetition is said as well', async () => {
    const world = await createWorld()
    let rests = 0
    world.clock.onRest = () => {
      rests += 1
      if (rests === 2) world.abort(cancelled)
    }
    await expect(run(world, loseFirst(world, failure(throttled)))).rejects.toBe(cancelled)
    expect(world.report.ongoing).toEqual([mayRun])
  })

  it.each([
    ['that gets no credentials', noToken, 'no new token'],
    ['with credentials that are over', failure(expired), 'the AWS credentials have expired'],
  ])('leaves the run unknown before a repetition %s', async (_what, next, cause) => {
    const world = await createWorld()
    const outcome = await run(world, loseFirst(world, next))
    expect(outcome).toMatchObject({
      outcome: 'unknown',
      error: { code: 'task-lost', message: expect.stringContaining('nobody knows whether') },
    })
    expect('error' in outcome && outcome.error.message).toContain(cause)
    expect(world.report.ongoing).toEqual([mayRun])
  })

  it('is no word about one that was only throttled before the signal', async () => {
    const world = await createWorld()
    const session = world.with({ runTask: () => Promise.reject(failure(throttled)) })
    world.clock.onRest = () => world.abort(cancelled)
    await expect(run(world, session)).rejects.toBe(cancelled)
    expect(world.report.ongoing).toEqual([])
  })

  it('is no word about one that was not sent, for want of credentials', async () => {
    const world = await createWorld()
    const session = world.with({ runTask: () => Promise.reject(noToken) })
    expect(await run(world, session)).toMatchObject({ outcome: 'failed', error: noToken })
    expect(world.report.ongoing).toEqual([])
  })
})

describe('the answer to a pause', () => {
  const maySay = expect.stringMatching(
    /^the answer CONTINUE to pause hook "ecs-pause-.*" of service "web".* was sent; ECS may have/,
  )

  /** A session whose answers to pauses arrive, if `arrives`, and then end so. */
  async function answerWith(
    next: (set: PausedWorld) => Promise<never>,
    arrives = true,
  ): Promise<PausedWorld & { end: Promise<unknown> }> {
    const set = await PausedWorld.create(commit, {
      lifecycleHooks: [pauseAt('POST_TEST_TRAFFIC_SHIFT')],
    })
    current = set
    const plan = await set.plan(set.left)
    const { ecs } = set.world.session
    set.world.report.ongoing.length = 0
    let sent = 0
    const session = set.world.with({
      continueServiceDeployment: async (input) => {
        sent += 1
        if (sent === 1 && arrives) await ecs.continueServiceDeployment(input)
        return await next(set)
      },
    })
    const end = continueDeployment(plan, session, set.world.ports)
    return Object.assign(set, { end })
  }

  it.each([
    [
      'in the rest after it was lost',
      ({ world }: PausedWorld) => {
        world.clock.onRest = () => world.abort(cancelled)
        return Promise.reject(failure(reset))
      },
    ],
    [
      'while it is under way',
      ({ world }: PausedWorld) => {
        world.abort(cancelled)
        return new Promise<never>(() => undefined)
      },
    ],
  ])('is said to have been sent where the signal comes %s', async (_when, next) => {
    const { world, left, end } = await answerWith(next)
    const { deploymentId, deploymentArn } = left
    expect(await end).toMatchObject({
      ...{ outcome: 'cancelled', changed: true, verified: false, error: cancelled },
      ...{ deploymentId, deploymentArn },
    })
    expect(world.report.ongoing).toEqual([maySay])
    expect(world.report.facts).toMatchObject({ updated: true, services: [await end] })
  })

  it('that is lost every time leaves the service unknown', async () => {
    const { world, left, end } = await answerWith(() => Promise.reject(failure(reset)))
    const { deploymentId, deploymentArn } = left
    expect(await end).toMatchObject({
      ...{ outcome: 'unknown', changed: true, verified: false, deploymentId, deploymentArn },
    })
    expect(world.report.ongoing).toEqual([maySay])
    expect(world.report.facts.updated).toBe(true)
  })

  it('that was only throttled before the signal is not said to have been sent', async () => {
    const next = ({ world }: PausedWorld) => {
      world.clock.onRest = () => world.abort(cancelled)
      return Promise.reject(failure(throttled))
    }
    const { world, end } = await answerWith(next, false)
    await expect(end).rejects.toBe(cancelled)
    expect([world.report.ongoing, world.report.facts.updated]).toEqual([[], undefined])
  })
})
