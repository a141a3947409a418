import { afterEach, describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { continueDeployment } from '../../src/stages/deploy/continue-deployment.ts'
import { lambdaAt, pauseAt, waiting } from '../support/blue-green.ts'
import type { WorldOptions } from '../support/ecs-world.ts'
import { PausedWorld } from '../support/paused-world.ts'
import { commit } from '../support/run-context.ts'
import { allowed, failure, reset } from '../support/rollout-scenarios.ts'

let current: PausedWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

const paused = { lifecycleHooks: [pauseAt('POST_TEST_TRAFFIC_SHIFT')] }
const another = 'f'.repeat(40)

async function leavePaused(
  of = commit,
  configuration: JsonObject = paused,
  options: WorldOptions = {},
): Promise<PausedWorld> {
  current = await PausedWorld.create(of, configuration, options)
  return current
}

describe('the answer to a pause', () => {
  it('by its deployment and hook continues the deployment and waits for its end', async () => {
    const set = await leavePaused()
    const { deploymentArn, hookId } = set.left
    const outcome = await set.continue({ deploymentArn, hookId })
    expect(outcome).toMatchObject({
      ...{ outcome: 'deployed', changed: true, verified: true, deploymentArn },
      ...{ deploymentId: set.left.deploymentId, taskDefinitionArn: set.left.taskDefinitionArn },
      previousTaskDefinitionArn: expect.stringMatching(/web:1$/),
    })
    expect(set.world.report.facts).toMatchObject({ updated: true, services: [outcome] })
    expect(set.world.requests('ContinueServiceDeployment')).toBe(1)
    expect(set.world.requests('UpdateService')).toBe(1)
  })

  it('rollback ends reverted, and the service runs what it ran before', async () => {
    const set = await leavePaused()
    const outcome = await set.continue({ ...set.left, action: 'ROLLBACK' })
    expect(outcome).toMatchObject({ outcome: 'reverted', verified: false, error: undefined })
    expect(await set.world.running()).toBe('web:1')
  })

  it('is only sent with wait-for-service-stability: false', async () => {
    const set = await leavePaused()
    const outcome = await set.continue(set.left, { waitForStability: false })
    expect(outcome).toMatchObject({ outcome: 'submitted', changed: true, verified: false })
  })

  it('comes to the next pause, which on-pause is about', async () => {
    const stages = ['POST_SCALE_UP', 'POST_PRODUCTION_TRAFFIC_SHIFT']
    const set = await leavePaused(commit, { lifecycleHooks: [pauseAt(...stages)] })
    const outcome = await set.continue(set.left, waiting('return'))
    expect(outcome).toMatchObject({ outcome: 'paused', stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' })
    expect(outcome.hookId).not.toBe(set.left.hookId)
  })

  it('without ids is given where the only pause brings this commit', async () => {
    const set = await leavePaused()
    expect(await set.continue()).toMatchObject({ outcome: 'deployed', verified: true })
  })

  it.each([
    ['pull_request', { pull_request: { head: { sha: another } } }],
    ['pull_request_target', { pull_request: { head: { sha: another } } }],
    ['workflow_run', { workflow_run: { head_sha: another } }],
  ])(
    'without ids is given where the only pause brings what asked for a %s',
    async (name, event) => {
      const set = await leavePaused(another)
      const plan = await set.plan({}, {}, set.session, { eventName: name, event })
      expect(plan).toMatchObject({ hookId: set.left.hookId })
    },
  )

  it.each(['v1', 'sha256'])(
    'without ids is given where the only pause brings image: %s',
    async (name) => {
      const set = await leavePaused(another)
      const image = name === 'v1' ? name : set.image.digest
      const outcome = await set.continue({}, { image, repository: { name: 'web' } })
      expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    },
  )

  it('that AWS says was given already is no error of ours where the first one was lost', async () => {
    const set = await leavePaused()
    const { ecs } = set.world.session
    let sent = 0
    const plan = await set.plan(set.left)
    const lossy = set.world.with({
      continueServiceDeployment: async (input) => {
        sent += 1
        if (sent > 1) return await ecs.continueServiceDeployment(input)
        await ecs.continueServiceDeployment(input)
        throw failure(reset)
      },
    })
    const outcome = await continueDeployment(plan, lossy, set.world.ports)
    expect(outcome).toMatchObject({ outcome: 'deployed' })
  })
})

it.each([
  ['InvalidParameterException', 'The hook is in state SUCCEEDED.'],
  ['ClientException', 'The action is not allowed.'],
])("an answer that ECS refuses with %s is told in ECS's own words", async (code, message) => {
  const set = await leavePaused()
  const plan = await set.plan(set.left)
  const about = { service: 'ECS', operation: 'ContinueServiceDeployment', httpStatus: 400 }
  const session = set.world.with({
    continueServiceDeployment: () => Promise.reject(new AwsFailure({ ...about, code, message })),
  })
  const end = continueDeployment(plan, session, set.world.ports)
  await expect(end).rejects.toMatchObject({
    code: 'pause-not-found',
    message: expect.stringContaining(`${code}: ${message.replace('.', '')}`),
  })
})

describe('an answer that is refused before anything is written', () => {
  it.each([
    ['another commit', {}, {}, `does not bring commit ${commit}`],
    ['another commit, the deployment named', { arn: true }, {}, `is of commit ${another}`],
    ['another image', {}, { image: `sha256:${'e'.repeat(64)}` }, 'has no image'],
  ])('of %s', async (_what, { arn }: { arn?: boolean }, differences, message) => {
    const set = await leavePaused(another)
    const deploymentArn = arn === true ? set.left.deploymentArn : undefined
    const given = { repository: { name: 'web' }, ...differences }
    await expect(set.plan({ deploymentArn }, given)).rejects.toThrow(message)
    expect(set.world.requests('ContinueServiceDeployment')).toBe(0)
  })

  it('of a commit that its event does not tell, with all that it tells', async () => {
    const set = await leavePaused(another)
    const event = { workflow_run: { head_sha: 'c'.repeat(40) } }
    const plan = set.plan({}, {}, set.session, { eventName: 'workflow_run', event })
    await expect(plan).rejects.toThrow(`does not bring commit ${commit} or ${'c'.repeat(40)}`)
  })

  it('names what waits', async () => {
    const set = await leavePaused(another)
    const refusal = await set.plan().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'pause-undecided' })
    expect(String(refusal)).toContain(set.left.hookId ?? 'no hook')
    expect(String(refusal)).toContain(set.left.deploymentArn ?? 'no deployment')
  })

  it('of several pauses, where none is named', async () => {
    const hooks = { lifecycleHooks: [pauseAt('POST_SCALE_UP'), pauseAt('POST_SCALE_UP')] }
    const set = await leavePaused(commit, hooks)
    await expect(set.plan()).rejects.toMatchObject({ code: 'pause-undecided' })
    await expect(set.plan(set.left)).resolves.toMatchObject({ hookId: set.left.hookId })
  })

  it.each([
    ['a hook that nobody knows', { hookId: 'ecs-pause-nobody' }, 'no pause "ecs-pause-nobody"'],
    ['nothing in particular', {}, 'no pause'],
  ])('of %s, once the pause was answered', async (_what, answer, message) => {
    const set = await leavePaused()
    const { deploymentArn = '', hookId = '' } = set.left
    const input = { serviceDeploymentArn: deploymentArn, hookId }
    await set.world.call('ContinueServiceDeployment', input)
    const refusal = await set.plan(answer).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'pause-not-found' })
    expect(String(refusal)).toContain(message)
    expect(String(refusal)).toContain(deploymentArn)
  })

  it('of a Lambda hook', async () => {
    const set = await leavePaused(commit, { lifecycleHooks: [lambdaAt('POST_SCALE_UP')] })
    await expect(set.plan()).rejects.toMatchObject({ code: 'pause-not-found' })
  })

  it('without the permission to look', async () => {
    const set = await leavePaused(commit, paused, { allow: allowed() })
    await expect(set.plan()).rejects.toMatchObject({ code: 'access-denied' })
  })
})
