import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { objectAt, objectsAt, stringAt } from '../../src/core/json.ts'
import { noChanges } from '../../src/core/task-definition/changes/no-changes.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { rollBack } from '../support/roll-back.ts'
import { allowed, crashing, failure, withBreaker } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

async function arnOf(world: EcsWorld, taskDefinition: string): Promise<string> {
  const answer = await world.call('DescribeTaskDefinition', { taskDefinition })
  return stringAt(objectAt(answer, 'taskDefinition'), 'taskDefinitionArn') ?? ''
}

describe('mode rollback of a complete deployment', () => {
  it('returns to the deployment before, and proves by its digests that it runs', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({ outcome: 'reverted', changed: true, verified: true })
    expect(outcome.error).toBeUndefined()
    expect(await world.running()).toBe('web:1')
    expect(outcome.previousTaskDefinitionArn).toBe(await arnOf(world, 'web:2'))
    expect(await world.revisions()).toBe(2)
  })

  it('goes further back the second time, and does not come back to the broken one', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    await world.deploy(pushedImage(2))
    expect(await rollBack(world)).toMatchObject({ outcome: 'reverted' })
    expect(await world.running()).toBe('web:2')
    expect(await rollBack(world)).toMatchObject({ outcome: 'reverted' })
    expect(await world.running()).toBe('web:1')
    await expect(rollBack(world)).rejects.toMatchObject({ code: 'rollback-impossible' })
    expect(world.requests('UpdateService')).toBe(4)
  })

  it('passes over deployments that failed', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    expect(await world.deploy(pushedImage(1))).toMatchObject({ outcome: 'rolled-back' })
    expect(await world.deploy(pushedImage(2))).toMatchObject({ outcome: 'deployed' })
    expect(await rollBack(world)).toMatchObject({ outcome: 'reverted' })
    expect(await world.running()).toBe('web:1')
  })

  it('is refused where nothing ran before, and writes nothing', async () => {
    const world = await createWorld()
    await expect(rollBack(world)).rejects.toMatchObject({
      code: 'rollback-impossible',
      message: expect.stringContaining('no deployment to roll back to'),
    })
    expect(world.requests('UpdateService')).toBe(0)
    expect(world.report.begun).toBe(false)
  })

  it('registers a copy of a revision that was deregistered, and says so', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    await world.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' })
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({ outcome: 'reverted', verified: true })
    expect(await world.running()).toBe('web:3')
    expect(world.report.notices.join()).toContain('web:1 is INACTIVE: a copy of it is registered')
  })

  it('returns to the revision that is named', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    await world.deploy(pushedImage(2))
    const revision = await arnOf(world, 'web:1')
    const choice = { kind: 'revision', revision, region: 'us-east-1' } as const
    const outcome = await rollBack(world, { taskDefinition: { choice, changes: noChanges } })
    expect(outcome).toMatchObject({ outcome: 'reverted', verified: true })
    expect(await world.running()).toBe('web:1')
  })

  it('is refused without the permission to read the history, which is named', async () => {
    const world = await createWorld({ allow: allowed() })
    const error: unknown = await rollBack(world).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'access-denied' })
    expect(error instanceof ActionError ? error.message : '').toContain(
      'ecs:ListServiceDeployments',
    )
  })

  it('is wrong-image where a tag of the definition means something else by now', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    const { ecs } = world.session
    let moved = false
    const session = world.with({
      updateService: (input) => {
        moved = true
        return ecs.updateService(input)
      },
      describeServiceRevisions: async (input) => {
        const answer = await ecs.describeServiceRevisions(input)
        const digest = `sha256:${(moved ? '7' : '6').repeat(64)}`
        const image = { containerName: 'app', image: 'host/web:latest', imageDigest: digest }
        const serviceRevisions = objectsAt(answer, 'serviceRevisions').map((revision) => ({
          ...{ ...revision, containerImages: [image] },
        }))
        return { ...answer, serviceRevisions }
      },
      describeTasks: () => Promise.resolve({ tasks: [] }),
    })
    const outcome = await rollBack(world, {}, session)
    expect(outcome).toMatchObject({ outcome: 'wrong-image', verified: false })
    expect(outcome.error?.message).toContain('when it was deployed before')
  })

  it('is rolled-back where the way back fails under a breaker', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    await world.deploy(pushedImage(1))
    world.script({ 'web:1': crashing })
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'rollout-rolled-back' },
    })
    expect(await world.running()).toBe('web:2')
  })
})

describe('mode rollback of a deployment that is under way', () => {
  it('has ECS itself roll it back, and waits for the landing', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    await world.deploy(pushedImage(1), { waitForStability: false })
    await world.clock.sleep(20_000)
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({ outcome: 'reverted', changed: true, verified: true })
    expect(outcome.taskDefinitionArn).toBe(await arnOf(world, 'web:1'))
    expect(outcome.previousTaskDefinitionArn).toBe(await arnOf(world, 'web:2'))
    expect(world.requests('StopServiceDeployment')).toBe(1)
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('awaits a rollback that ECS has begun already', async () => {
    const world = await createWorld({
      service: withBreaker(true),
      pace: { completesAfterMs: 60_000 },
    })
    world.script({ 'web:2': crashing })
    await world.deploy(pushedImage(1), { waitForStability: false })
    for (let i = 0; i < 100 && (await world.running()) !== 'web:1'; i += 1) {
      await world.clock.sleep(2_000)
    }
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({ outcome: 'reverted' })
    expect(outcome.previousTaskDefinitionArn).toBe(await arnOf(world, 'web:2'))
    expect(world.requests('StopServiceDeployment')).toBe(0)
  })

  it('updates instead where the deployment was complete before the rollback began', async () => {
    const world = await createWorld({ pace: { requestTakesMs: 600_000 } })
    await world.deploy(pushedImage(1), { waitForStability: false })
    await world.clock.sleep(10_000)
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({ outcome: 'reverted', verified: true })
    expect(await world.running()).toBe('web:1')
    expect(world.requests('UpdateService')).toBe(2)
  })

  it('is failed without the permission to stop, which is named', async () => {
    const actions = ['ListServiceDeployments', 'DescribeServiceDeployments']
    const world = await createWorld({ allow: allowed(...actions) })
    await world.deploy(pushedImage(1), { waitForStability: false })
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({ outcome: 'failed', changed: false })
    expect(outcome.error?.message).toContain('ecs:StopServiceDeployment')
  })

  it('is refused where no deployment has completed yet', async () => {
    const world = await createWorld()
    world.script({ 'other:1': crashing })
    await world.call('CreateService', {
      ...{ cluster: 'prod', serviceName: 'fresh', taskDefinition: 'web', desiredCount: 1 },
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    })
    const services = [{ cluster: 'prod', service: 'fresh', region: undefined }]
    await expect(rollBack(world, { services })).rejects.toMatchObject({
      code: 'rollback-impossible',
      message: expect.stringContaining('no deployment of it has completed yet'),
    })
  })

  it('is unknown where ECS has rolled it back and does not let anybody look at what runs', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    await world.deploy(pushedImage(1), { waitForStability: false })
    await world.clock.sleep(20_000)
    const { ecs } = world.session
    const session = world.with({
      describeTaskDefinition: (input) =>
        world.requests('StopServiceDeployment') === 0
          ? ecs.describeTaskDefinition(input)
          : Promise.reject(failure({ code: 'ServerException', httpStatus: 500 })),
    })
    expect(await rollBack(world, {}, session)).toMatchObject({
      ...{ outcome: 'unknown', changed: true, verified: false },
      error: { code: 'aws-unavailable' },
    })
    expect(await world.running()).toBe('web:1')
  })

  it('is cancelled, and says that ECS goes on', async () => {
    const world = await createWorld({ pace: { requestTakesMs: 60_000 } })
    world.script({ 'web:2': { startMs: 3_600_000 } })
    await world.deploy(pushedImage(1), { waitForStability: false })
    world.clock.onRest = () => {
      if (world.requests('StopServiceDeployment') === 1) {
        world.abort(new ActionError('cancelled', 'cancelled by the runner', 'Nothing.'))
      }
    }
    const outcome = await rollBack(world)
    expect(outcome).toMatchObject({ outcome: 'cancelled' })
    expect(world.report.ongoing.join()).toContain('the rollback of web')
  })
})
