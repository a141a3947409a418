import { describe, expect, it } from '@jest/globals'

import type { LambdaAnswer } from '../../../simulator/ecs/engine/lambda-answers.ts'
import { textOf } from '../../../simulator/wire/json.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { deploy, look, until, web } from './deploys.ts'
import { objects, stage, type Stage } from './stage.ts'

const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:check'
const lambda = (...lifecycleStages: string[]): JsonObject => ({
  targetType: 'AWS_LAMBDA',
  hookTargetArn: functionArn,
  roleArn: 'arn:aws:iam::123456789012:role/hooks',
  lifecycleStages,
})
const pause = (action: string, ...lifecycleStages: string[]): JsonObject => ({
  targetType: 'PAUSE',
  lifecycleStages,
  timeoutConfiguration: { timeoutInMinutes: 10, action },
})

/** A blue/green service in mid-deploy, with these hooks; it was made without them. */
async function deploying(...lifecycleHooks: JsonObject[]): Promise<Stage> {
  const set = await stage()
  await set.running({ deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 } })
  await deploy(set, { deploymentConfiguration: { lifecycleHooks } })
  return set
}

const record = async (set: Stage): Promise<JsonObject> => (await set.records())[0] ?? {}
const hooks = async (set: Stage): Promise<JsonObject[]> =>
  objects((await record(set))['lifecycleHookDetails'])
const isIn = (set: Stage, wanted: string) => async (): Promise<boolean> =>
  (await record(set))['lifecycleStage'] === wanted
const answers = (set: Stage, ...given: LambdaAnswer[]): void =>
  set.ecs.disturb({ kind: 'answer-hook', functionArn, answers: given })

describe('ECS-38 Lambda hooks', () => {
  it('ECS-38 are invoked at their stages with their details and the state of the traffic', async () => {
    const hook = lambda('PRE_SCALE_UP', 'POST_PRODUCTION_TRAFFIC_SHIFT')
    const set = await deploying({ ...hook, hookDetails: { suite: 'smoke' } })
    set.seconds(200)
    expect((await record(set))['status']).toBe('SUCCESSFUL')
    const told = set.ecs.lambda.invocations.map(({ payload }) => payload)
    expect(told).toMatchObject([
      { lifecycleStage: 'PRE_SCALE_UP', hookDetails: { suite: 'smoke' } },
      { lifecycleStage: 'POST_PRODUCTION_TRAFFIC_SHIFT' },
    ])
    const target = textOf(told[0]?.['targetServiceRevisionArn']) ?? ''
    const share = (payload: JsonObject | undefined): unknown =>
      Object.entries(payload?.['productionTrafficWeights'] ?? {}).find(
        ([arn]) => arn === target,
      )?.[1]
    expect(told.map(share)).toEqual([0, 100])
  })

  it('ECS-38 FAILED rolls back, breaker or not', async () => {
    const set = await deploying(lambda('POST_TEST_TRAFFIC_SHIFT'))
    answers(set, { hookStatus: 'FAILED' })
    set.seconds(200)
    expect(await record(set)).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because a lifecycle hook failed.',
    })
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
  })

  it('ECS-38 IN_PROGRESS is asked again after 30 seconds, or when the function says', async () => {
    const set = await deploying(lambda('PRE_SCALE_UP'))
    const wait: LambdaAnswer = { hookStatus: 'IN_PROGRESS' }
    answers(set, wait, { ...wait, callBackDelaySeconds: 60 }, { hookStatus: 'SUCCEEDED' })
    const asked: number[] = []
    for (let second = 0; second < 150; second += 1) {
      const count = set.ecs.lambda.invocations.length
      if (count > asked.length) asked.push(second)
      set.seconds(1)
    }
    const gaps = asked.slice(1).map((second, index) => second - (asked[index] ?? 0))
    // The scheduler's next look may come a second later.
    expect(gaps.map((gap) => Math.floor(gap / 10) * 10)).toEqual([30, 60])
    expect(await isIn(set, 'PRE_SCALE_UP')()).toBe(false)
  })

  it('ECS-38 one that never ends times out and rolls back', async () => {
    const hook = { ...lambda('PRE_SCALE_UP'), timeoutConfiguration: { timeoutInMinutes: 3 } }
    const set = await deploying(hook)
    answers(set, { hookStatus: 'IN_PROGRESS' })
    set.seconds(170)
    expect(await hooks(set)).toMatchObject([
      { targetType: 'AWS_LAMBDA', targetArn: functionArn, status: 'IN_PROGRESS' },
    ])
    set.seconds(60)
    expect((await record(set))['status']).toBe('ROLLBACK_SUCCESSFUL')
  })

  it('ECS-38 PRE_PRODUCTION_TRAFFIC_SHIFT is a stage where a hook asks for it', async () => {
    const set = await deploying(lambda('PRE_PRODUCTION_TRAFFIC_SHIFT'))
    answers(set, { hookStatus: 'IN_PROGRESS' })
    expect(await until(set, isIn(set, 'PRE_PRODUCTION_TRAFFIC_SHIFT'))).toBe(true)
  })

  it('ECS-38 a rollback runs the hooks of its traffic shifts; one that FAILED ends it', async () => {
    const set = await deploying(lambda('PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'))
    answers(set, { hookStatus: 'SUCCEEDED' }, { hookStatus: 'FAILED' })
    set.seconds(300)
    expect((await record(set))['status']).toBe('ROLLBACK_FAILED')
    const stages = set.ecs.lambda.invocations.map(({ payload }) => payload['lifecycleStage'])
    expect(stages).toEqual([
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
    ])
  })
})

describe('ECS-39 PAUSE hooks', () => {
  const paused = async (action = 'ROLLBACK'): Promise<[Stage, JsonObject]> => {
    const set = await deploying(pause(action, 'POST_TEST_TRAFFIC_SHIFT'))
    await until(set, async () => (await hooks(set)).length > 0)
    const { serviceDeploymentArn = '' } = await record(set)
    const hookId = (await hooks(set))[0]?.['hookId'] ?? ''
    return [set, { serviceDeploymentArn, hookId }]
  }

  it('ECS-39 hold the deployment up and say until when', async () => {
    const [set] = await paused()
    const now = set.clock.now()
    set.seconds(500)
    expect(await record(set)).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
    })
    const [hook] = await hooks(set)
    expect(hook).toMatchObject({
      hookId: expect.stringMatching(/^ecs-pause-[\w-]{42}$/),
      targetType: 'PAUSE',
      status: 'AWAITING_ACTION',
      timeoutAction: 'ROLLBACK',
    })
    expect(Number(hook?.['expiresAt']) * 1000 - now).toBeCloseTo(600_000, -5)
    expect(hook).not.toHaveProperty('targetArn')
  })

  it('ECS-39 ContinueServiceDeployment lets it go on', async () => {
    const [set, input] = await paused()
    expect(await set.ask('ContinueServiceDeployment', input)).toEqual({
      serviceDeploymentArn: input['serviceDeploymentArn'],
    })
    set.seconds(60)
    expect((await record(set))['status']).toBe('SUCCESSFUL')
  })

  it('ECS-39 ContinueServiceDeployment rolls it back', async () => {
    const [set, input] = await paused()
    await set.ask('ContinueServiceDeployment', { ...input, action: 'ROLLBACK' })
    set.seconds(60)
    expect(await record(set)).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because a user requested it.',
    })
  })

  it.each([
    ['ROLLBACK', 'ROLLBACK_SUCCESSFUL'],
    ['CONTINUE', 'SUCCESSFUL'],
  ])('ECS-39 the time-out action %s ends %s', async (action, status) => {
    const [set] = await paused(action)
    set.seconds(700)
    expect((await record(set))['status']).toBe(status)
  })

  it('ECS-39 StopServiceDeployment ends a pause, too', async () => {
    const [set, { serviceDeploymentArn = '' }] = await paused()
    await set.ask('StopServiceDeployment', { serviceDeploymentArn })
    set.seconds(60)
    expect((await record(set))['status']).toBe('ROLLBACK_SUCCESSFUL')
  })

  it('ECS-39 refuses a hook that is not there, is over, or belongs to a deployment that is', async () => {
    const [set, input] = await paused()
    const refusal = (changes: JsonObject): Promise<string> =>
      set.refusal('ContinueServiceDeployment', { ...input, ...changes })
    expect(await refusal({ hookId: 'x' })).toBe(
      'InvalidParameterException: The lifecycle hook x was not found.',
    )
    expect(await refusal({ action: 'ABORT' })).toMatch(/^InvalidParameterException: Invalid action/)
    expect(await refusal({ serviceDeploymentArn: 'x' })).toMatch(
      /^ServiceDeploymentNotFoundException: /,
    )
    await set.ask('ContinueServiceDeployment', input)
    expect(await refusal({})).toMatch(/^InvalidParameterException: .* is in status SUCCEEDED\.$/)
    set.seconds(100)
    expect(await refusal({})).toMatch(/^InvalidParameterException: /)
  })
})

describe('ECS-46 the deployment configuration', () => {
  it.each<[string, JsonObject]>([
    ['PAUSE lifecycle hooks are not supported at', pause('ROLLBACK', 'TEST_TRAFFIC_SHIFT')],
    ['Invalid lifecycleStage: BAKE_TIME', lambda('BAKE_TIME')],
    ['lifecycleStages cannot be empty', lambda()],
    ['Invalid targetType: SNS', { ...lambda('PRE_SCALE_UP'), targetType: 'SNS' }],
    ['hookTargetArn is required', { lifecycleStages: ['PRE_SCALE_UP'] }],
    [
      'timeoutInMinutes must be between 1 and 20160',
      { ...lambda('PRE_SCALE_UP'), timeoutConfiguration: { timeoutInMinutes: 20_161 } },
    ],
  ])('ECS-46 refuses: %s', async (text, hook) => {
    const set = await stage()
    await set.running({ deploymentConfiguration: { strategy: 'BLUE_GREEN' } })
    const deploymentConfiguration = { lifecycleHooks: [hook] }
    expect(await set.refusal('UpdateService', { ...web, deploymentConfiguration })).toContain(
      `InvalidParameterException: ${text}`,
    )
  })

  it.each<[string, JsonObject]>([
    ['bakeTimeInMinutes must be between 0 and 1440', { bakeTimeInMinutes: 1_441 }],
    ['alarmNames cannot be empty', { alarms: { enable: true, rollback: true, alarmNames: [] } }],
  ])('ECS-46 refuses: %s', async (text, deploymentConfiguration) => {
    const set = await stage()
    await set.running()
    expect(await set.refusal('UpdateService', { ...web, deploymentConfiguration })).toContain(
      `InvalidParameterException: ${text}`,
    )
  })
})
