import { afterEach, describe, expect, it } from '@jest/globals'

import { objectsAt, type JsonObject } from '../../src/core/json.ts'
import type { PolicyInputs } from '../../src/core/inputs/deploy/policies.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { leaveUnderWay, rollBack } from '../support/roll-back.ts'
import { crashing, failure, reset, throttled } from '../support/rollout-scenarios.ts'
import { usualPolicies } from '../support/usual-policies.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const denied = { code: 'AccessDeniedException', httpStatus: 400 }
type Answer = typeof reset | typeof throttled | typeof denied

/** StopServiceDeployment fails every time, as `answers` say; ECS has taken the `taken`th. */
function failing(answers: (attempt: number) => Answer, taken?: number): AwsSession {
  const { ecs } = world.session
  let attempt = 0
  return world.with({
    stopServiceDeployment: async (input: JsonObject) => {
      attempt += 1
      if (attempt === taken) await ecs.stopServiceDeployment(input)
      throw failure(answers(attempt))
    },
  })
}

const lost = (): Answer => reset

/** Once ECS was asked, every look at a record goes through `look`. */
function looking(
  session: AwsSession,
  look: AwsSession['ecs']['describeServiceDeployments'],
): AwsSession {
  const { ecs } = session
  let asked = false
  return {
    ...session,
    ecs: {
      ...ecs,
      stopServiceDeployment: (input) => {
        asked = true
        return ecs.stopServiceDeployment(input)
      },
      describeServiceDeployments: (input, limit) =>
        asked ? look(input, limit) : ecs.describeServiceDeployments(input, limit),
    },
  }
}

/** The record is as old as ECS's answers may be: for three looks it is still as it was before. */
function lagging(session: AwsSession): AwsSession {
  const { ecs } = session
  let looks = 0
  return looking(session, async (input, limit) => {
    const answer = await ecs.describeServiceDeployments(input, limit)
    looks += 1
    const asBefore = (record: JsonObject): JsonObject => ({
      ...{ ...record, status: 'IN_PROGRESS', rollback: undefined },
    })
    return looks > 3
      ? answer
      : { ...answer, serviceDeployments: objectsAt(answer, 'serviceDeployments').map(asBefore) }
  })
}

const unseen = (): Promise<never> => Promise.reject(failure(throttled))
const withoutRecord = (session: AwsSession): AwsSession => looking(session, unseen)
/** Nothing of ECS can be read once its record cannot. */
const blind = (session: AwsSession): AwsSession => {
  let isOver = false
  const looked = looking(session, () => {
    isOver = true
    return unseen()
  })
  const { ecs } = session
  const describeServices: typeof ecs.describeServices = (input, limit) =>
    isOver ? unseen() : ecs.describeServices(input, limit)
  return { ...looked, ecs: { ...looked.ecs, describeServices } }
}

describe('mode rollback whose request to stop is never answered', () => {
  it.each([
    ['the last one, which ECS took', lost, 5],
    ['the first one, which ECS took; the others are throttled', firstLost(throttled), 1],
    ['the first one, which ECS took; then the permission is gone', firstLost(denied), 1],
  ])('is reverted where it lost %s', async (_what, answers, taken) => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const outcome = await rollBack(world, {}, lagging(failing(answers, taken)))
    expect(outcome).toMatchObject({ outcome: 'reverted', changed: true, verified: true })
    expect(await world.running()).toBe('web:1')
  })

  it('is failed, within two minutes, where the record shows that none arrived', async () => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const beganAtMs = world.clock.monotonicMs()
    const outcome = await rollBack(world, {}, failing(lost))
    expect(outcome).toMatchObject({ outcome: 'failed', verified: false })
    expect(outcome.error?.message).toContain('no good answer from ECS: ECONNRESET')
    expect(outcome.error?.message).not.toContain('refused')
    expect(outcome.error?.remedy).not.toContain('ecs:StopServiceDeployment')
    expect(world.clock.monotonicMs() - beganAtMs).toBeLessThan(120_000)
    expect(await world.running()).toBe('web:2')
  })

  it('is reverted where the service alone shows that it arrived', async () => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const outcome = await rollBack(world, {}, withoutRecord(failing(lost, 5)))
    expect(outcome).toMatchObject({ outcome: 'reverted', changed: true, verified: true })
  })

  it('is unknown where nobody sees whether one arrived', async () => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const outcome = await rollBack(world, { waitMinutes: 5 }, blind(failing(lost, 5)))
    expect(outcome).toMatchObject({ outcome: 'unknown', changed: true, verified: false })
    expect(outcome.error?.message).toContain('ECONNRESET')
    expect(world.report.ongoing).not.toEqual([])
  })

  it('is unknown where nothing is waited for', async () => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const outcome = await rollBack(world, { waitForStability: false }, failing(lost))
    expect(outcome).toMatchObject({ outcome: 'unknown', changed: true, verified: false })
    expect(world.report.ongoing.join()).toContain('web')
  })

  it.each([
    ['names the permission where that is missing', denied, true],
    ['names none where ECS throttles', throttled, false],
  ])('%s', async (_what, answer, named) => {
    world = await EcsWorld.create()
    await leaveUnderWay(world)
    const outcome = await rollBack(
      world,
      {},
      failing(() => answer),
    )
    expect(outcome).toMatchObject({ outcome: 'failed', changed: false })
    expect(outcome.error?.remedy.includes('ecs:StopServiceDeployment')).toBe(named)
  })
})

describe.each([
  ['on-failure', { onFailure: 'rollback' }, crashing, 'rolled-back', 'failed'],
  ['on-timeout', { onTimeout: 'rollback' }, { startMs: 3_600_000 }, 'timed-out', 'timed-out'],
] as const)(
  '%s: rollback whose request is never answered',
  (_name, policy, behaviour, back, not) => {
    const policies: PolicyInputs = { ...usualPolicies, ...policy }
    const differences = { policies, waitMinutes: 10 }

    it.each([
      ['the last one, which ECS took', lost, 5],
      ['the first one, which ECS took; the others are throttled', firstLost(throttled), 1],
    ])('sees the landing where it lost %s', async (_what, answers, taken) => {
      world = await EcsWorld.create()
      world.script({ 'web:2': behaviour })
      const outcome = await world.deploy(
        pushedImage(1),
        differences,
        lagging(failing(answers, taken)),
      )
      expect(outcome).toMatchObject({ outcome: back, changed: true, verified: false })
      expect(outcome.error?.message).toContain('ECS rolled it back as asked')
      expect(world.report.ongoing).toEqual([])
    })

    it('says that it is not rolled back where the record shows that none arrived', async () => {
      world = await EcsWorld.create()
      world.script({ 'web:2': behaviour })
      const outcome = await world.deploy(pushedImage(1), differences, failing(lost))
      expect(outcome).toMatchObject({ outcome: not, verified: false })
      expect(outcome.error?.message).toContain('it is not rolled back: no good answer from ECS')
      expect(outcome.error?.message).not.toContain('refused')
      expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
    })
  },
)

/** Lost once; then always `answer`. */
function firstLost(answer: Answer): (attempt: number) => Answer {
  return (attempt) => (attempt === 1 ? reset : answer)
}
