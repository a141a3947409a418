import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import type { PolicyInputs } from '../../src/core/inputs/deploy/policies.ts'
import { objectsAt, type JsonObject } from '../../src/core/json.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { leaveUnderWay, rollBack } from '../support/roll-back.ts'
import { allowed, crashing, failure, reset, throttled } from '../support/rollout-scenarios.ts'
import { usualPolicies } from '../support/usual-policies.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const cancellation = new ActionError('cancelled', 'the run was cancelled (SIGINT)', 'Look.')
const noToken = new ActionError('oidc-unavailable', 'no new token', 'Allow id-token: write.')
const conflict = { code: 'ConflictException', httpStatus: 400 }
const serverError = { code: 'ServerException', httpStatus: 500 }
const policies = (differences: Partial<PolicyInputs>): { readonly policies: PolicyInputs } => ({
  policies: { ...usualPolicies, ...differences },
})

/** Requests to stop end as `answer` says; with `cancel` the signal comes at the rest after one. */
function stopping(answer: () => Promise<JsonObject>, cancel = false): AwsSession {
  return world.with({
    stopServiceDeployment: () => {
      if (cancel) world.clock.onRest = () => world.abort(cancellation)
      return answer()
    },
  })
}

const withoutToken = () => Promise.reject(noToken)

/** The deployment of web:2 completes while ECS has the request to stop it. */
function completing(look?: AwsSession['ecs']['describeServiceDeployments']): AwsSession {
  const { ecs } = world.session
  let asked = false
  return world.with({
    stopServiceDeployment: async (input: JsonObject) => {
      await world.clock.sleep(600_000)
      asked = true
      return await ecs.stopServiceDeployment(input)
    },
    describeServiceDeployments: (input, limit) =>
      asked && look !== undefined
        ? look(input, limit)
        : ecs.describeServiceDeployments(input, limit),
  })
}

async function leaveUnderWayForAMinute(): Promise<void> {
  world.script({ 'web:2': { startMs: 60_000 } })
  await world.deploy(pushedImage(1), { waitForStability: false })
  await world.clock.sleep(20_000)
}

describe('mode rollback that is not awaited, of a deployment that completes before the request', () => {
  const unawaited = { waitForStability: false }

  it('updates instead', async () => {
    world = await EcsWorld.create()
    await leaveUnderWayForAMinute()
    const outcome = await rollBack(world, unawaited, completing())
    expect(outcome).toMatchObject({ outcome: 'submitted', changed: true })
    await world.clock.sleep(600_000)
    expect(await world.running()).toBe('web:1')
    expect(world.requests('UpdateService')).toBe(2)
  })

  it('updates instead where the record is older than the answer', async () => {
    world = await EcsWorld.create()
    await leaveUnderWayForAMinute()
    const { ecs } = world.session
    let looks = 0
    const session = completing(async (input, limit) => {
      const answer = await ecs.describeServiceDeployments(input, limit)
      looks += 1
      const records = objectsAt(answer, 'serviceDeployments')
      const before = records.map((record) => ({ ...record, status: 'IN_PROGRESS' }))
      return looks > 2 ? answer : { ...answer, serviceDeployments: before }
    })
    expect(await rollBack(world, unawaited, session)).toMatchObject({ outcome: 'submitted' })
    await world.clock.sleep(600_000)
    expect(await world.running()).toBe('web:1')
  })

  it('is unknown, and changes nothing, where nobody sees how it ended', async () => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const outcome = await rollBack(
      world,
      unawaited,
      stopping(() => Promise.reject(failure(conflict))),
    )
    expect(outcome).toMatchObject({ outcome: 'unknown', changed: false, verified: false })
  })

  it('is submitted where ECS rolls it back already', async () => {
    world = await EcsWorld.create({ pace: { requestTakesMs: 600_000 } })
    await leaveUnderWay(world)
    const { ecs } = world.session
    const session = world.with({
      stopServiceDeployment: async (input) => {
        await ecs.stopServiceDeployment(input)
        throw failure(conflict)
      },
    })
    const beganAtMs = world.clock.monotonicMs()
    expect(await rollBack(world, unawaited, session)).toMatchObject({ outcome: 'submitted' })
    expect(world.clock.monotonicMs() - beganAtMs).toBeLessThan(10_000)
  })
})

describe('a rollback for which no credentials can be had', () => {
  it('is failed and has changed nothing in mode rollback', async () => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const outcome = await rollBack(world, {}, stopping(withoutToken))
    expect(outcome).toMatchObject({ outcome: 'failed', changed: false })
    expect(outcome.error).toMatchObject({
      message: expect.stringContaining('no new token'),
      remedy: noToken.remedy,
    })
  })

  it('is in doubt where a request went unanswered before', async () => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    let asked = 0
    const session = stopping(() => {
      asked += 1
      return asked === 1 ? Promise.reject(failure(reset)) : withoutToken()
    })
    const outcome = await rollBack(world, { waitForStability: false }, session)
    expect(outcome).toMatchObject({ outcome: 'unknown', changed: true })
    expect(world.report.ongoing.join()).toContain('whether it does is not known')
  })

  it('keeps the cause of a failed deployment', async () => {
    world = await EcsWorld.create()
    world.script({ 'web:2': crashing })
    const session = stopping(withoutToken)
    const outcome = await world.deploy(pushedImage(1), policies({ onFailure: 'rollback' }), session)
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'rollout-failed' } })
    expect(outcome.error?.message).toMatch(
      /4 tasks failed.*it is not rolled back: .*no new token.*exit code 3/,
    )
    expect(outcome.evidence.stoppedTasks).not.toEqual([])
    expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it.each([
    ['request', { stopServiceDeployment: withoutToken }, 'no new token'],
    ['search for the record', { listServiceDeployments: withoutToken }, 'took no request'],
  ])('leaves the run cancelled where the %s needs them', async (_what, calls, why) => {
    world = await EcsWorld.create()
    let rests = 0
    world.clock.onRest = () => {
      rests += 1
      if (rests === 2) world.abort(cancellation)
    }
    const asked = policies({ onCancel: 'rollback' })
    const outcome = await world.deploy(pushedImage(1), asked, world.with(calls))
    expect(outcome).toMatchObject({ outcome: 'cancelled', changed: true })
    expect(outcome.error?.message).toContain('it is not rolled back: ')
    expect(world.report.ongoing.join()).toContain(why)
  })
})

describe('the signal after a request to roll back', () => {
  it.each([
    ['was throttled', throttled, false],
    ['was not answered', reset, true],
  ])('tells of a rollback that may go on only where it %s', async (_what, answer, mayGoOn) => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const session = stopping(() => Promise.reject(failure(answer)), true)
    const outcome = await rollBack(world, {}, session)
    expect(outcome).toMatchObject({ outcome: 'cancelled', changed: mayGoOn })
    expect(world.report.ongoing.join().includes('the rollback of web')).toBe(mayGoOn)
    expect(world.report.ongoing.join()).not.toContain('goes on with that')
  })

  it.each([
    ['ECS called the deployment over', conflict, 'it had ended before it could be rolled back'],
    ['no answer came', reset, 'whether it does is not known: no good answer from ECS'],
  ])('does not say that ECS goes on with it where %s', async (_what, answer, said) => {
    world = await EcsWorld.create()
    world.script({ 'web:2': crashing })
    const session = stopping(() => Promise.reject(failure(answer)), true)
    const outcome = await world.deploy(pushedImage(1), policies({ onFailure: 'rollback' }), session)
    expect(outcome).toMatchObject({ outcome: 'cancelled' })
    expect(outcome.error?.message).toContain(said)
    expect(world.report.ongoing.join()).not.toContain('goes on with that')
  })

  it('is cancelled, and has changed nothing, where an update was to be planned instead', async () => {
    world = await EcsWorld.create()
    await leaveUnderWayForAMinute()
    const session = completing()
    const { ecs } = session
    const cancelling: AwsSession = {
      ...session,
      ecs: {
        ...ecs,
        listServiceDeployments: (input, limit) => {
          if (world.requests('StopServiceDeployment') > 0) world.abort(cancellation)
          return ecs.listServiceDeployments(input, limit)
        },
      },
    }
    const outcome = await rollBack(world, {}, cancelling)
    expect(outcome).toMatchObject({ outcome: 'cancelled', changed: false })
    expect(world.report.ongoing).toEqual([])
  })
})

describe('on-failure: rollback of a deployment whose record is not found', () => {
  it.each([
    ['names the permission where that is missing', undefined, true],
    ['names none where the list does not answer', serverError, false],
  ])('%s', async (_what, answer, named) => {
    const reads = ['DescribeServiceDeployments', 'ListTasks', 'DescribeTasks']
    world = await EcsWorld.create(answer === undefined ? { allow: allowed(...reads) } : {})
    world.script({ 'web:2': crashing })
    const session =
      answer && world.with({ listServiceDeployments: () => Promise.reject(failure(answer)) })
    const outcome = await world.deploy(pushedImage(1), policies({ onFailure: 'rollback' }), session)
    expect(outcome).toMatchObject({ outcome: 'failed' })
    expect(outcome.error?.message).toContain('its record is not known')
    const said = [outcome.error?.message, ...world.report.warnings].filter((text) =>
      text?.includes('is not known'),
    )
    expect(said.some((text) => text?.includes('allow ecs:ListServiceDeployments'))).toBe(named)
  })
})
