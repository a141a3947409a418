import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import { dateAt, objectAt, objectsAt, type JsonObject } from '../../src/core/json.ts'
import { registerTaskDefinition } from '../../src/stages/deploy/register-task-definition.ts'
import { updateService } from '../../src/stages/deploy/update-service.ts'
import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import type { ServicePlan } from '../../src/core/plan/service/service-plan.ts'
import { EcsWorld, fromFile, taskDefinition, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

async function prepare(world: EcsWorld, differences: Partial<DeployInputs> = {}) {
  const image = differences.forceNewDeployment === true ? undefined : pushedImage(1)
  const plan = await world.plan(differences, image)
  const revision = await registerTaskDefinition(plan, image, world.session, world.ports)
  return { plan, revision }
}

const reset = new AwsFailure({
  ...{ service: 'ECS', operation: 'UpdateService', code: 'ECONNRESET', message: 'hang up' },
})

async function deploymentIds(world: EcsWorld): Promise<readonly unknown[]> {
  return objectsAt(await world.service(), 'deployments').map((deployment) => deployment['id'])
}

/** The answer as it would be with the PRIMARY deployment of before, and ours beside it. */
function staysPrimary({ current }: ServicePlan, answer: JsonObject): JsonObject {
  const service = objectAt(answer, 'service')
  const ours = objectsAt(service, 'deployments').filter(
    (deployment) => deployment['id'] !== current.primaryDeploymentId,
  )
  const green = ours.map((deployment) => ({ ...deployment, status: 'ACTIVE' }))
  const blue = objectsAt(current.raw, 'deployments')
  return { ...answer, service: { ...service, deployments: [...blue, ...green] } }
}

describe('updating a service', () => {
  it('sends cluster, service and task definition, and nothing else', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world)
    const sent: JsonObject[] = []
    const session = world.with({
      updateService: (input) => {
        sent.push(input)
        return world.session.ecs.updateService(input)
      },
    })
    const deployment = await updateService(plan, revision, session, world.ports)
    expect(sent).toEqual([
      { cluster: plan.current.clusterArn, service: 'web', taskDefinition: revision.arn },
    ])
    expect(deployment).toMatchObject({
      started: true,
      previousTaskDefinitionArn: expect.stringMatching(/web:1$/),
    })
    expect(await deploymentIds(world)).toContain(deployment.deploymentId)
  })

  it('sends nothing when the service is on the revision already', async () => {
    const world = await createWorld()
    world.files.set('/workspace/td.json', JSON.stringify(taskDefinition))
    const plan = await world.plan({ taskDefinition: fromFile('td.json') })
    const revision = await registerTaskDefinition(plan, undefined, world.session, world.ports)
    const deployment = await updateService(plan, revision, world.session, world.ports)
    expect(deployment.started).toBe(false)
    expect(await deploymentIds(world)).toEqual([deployment.deploymentId])
    expect(world.requests('UpdateService')).toBe(0)
  })

  it('starts the same again where neither an image nor a file was given', async () => {
    const world = await createWorld()
    const plan = await world.plan()
    const revision = await registerTaskDefinition(plan, undefined, world.session, world.ports)
    const deployment = await updateService(plan, revision, world.session, world.ports)
    expect(revision.name).toBe('web:1')
    expect(deployment.started).toBe(true)
  })

  it('forces a new deployment of the same revision when asked to', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world, { forceNewDeployment: true })
    const deployment = await updateService(plan, revision, world.session, world.ports)
    expect(deployment.started).toBe(true)
    expect(deployment.deploymentId).not.toBe(plan.current.primaryDeploymentId)
  })

  it.each([false, true])(
    'finds the update that was taken although its answer was lost (force: %s)',
    async (forceNewDeployment) => {
      const world = await createWorld()
      const { plan, revision } = await prepare(world, { forceNewDeployment })
      const session = world.with({
        updateService: async (input) => {
          await world.session.ecs.updateService(input)
          throw reset
        },
      })
      const deployment = await updateService(plan, revision, session, world.ports)
      expect(deployment.started).toBe(true)
      expect(await deploymentIds(world)).toEqual([
        deployment.deploymentId,
        plan.current.primaryDeploymentId,
      ])
      expect(world.requests('UpdateService')).toBe(1)
    },
  )

  it('never sends an update again whose answer was lost, and says that it may yet arrive', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world)
    let sent = 0
    const session = world.with({
      updateService: () => {
        sent += 1
        return Promise.reject(reset)
      },
    })
    await expect(updateService(plan, revision, session, world.ports)).rejects.toMatchObject({
      code: 'update-lost',
    })
    expect(sent).toBe(1)
    expect(world.report.ongoing.join()).toContain('to web:2 was sent')
  })

  it('sends an update again that found no connection', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world)
    let refused = false
    const session = world.with({
      updateService: (input) => {
        if (refused) return world.session.ecs.updateService(input)
        refused = true
        const { service, operation, message } = reset
        const about = { service, operation, message, code: 'ECONNREFUSED' }
        return Promise.reject(new AwsFailure(about))
      },
    })
    const deployment = await updateService(plan, revision, session, world.ports)
    expect(deployment.started).toBe(true)
    expect(await world.running()).toBe('web:2')
  })

  it.each([
    ['of another revision', false],
    ['of the same one by force', true],
  ])('follows its own deployment %s where blue stays PRIMARY', async (_of, forceNewDeployment) => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world, { forceNewDeployment })
    const session = world.with({
      updateService: async (input) =>
        staysPrimary(plan, await world.session.ecs.updateService(input)),
    })
    const deployment = await updateService(plan, revision, session, world.ports)
    const [ours] = objectsAt(await world.service(), 'deployments')
    expect(deployment).toMatchObject({ started: true, deploymentId: ours?.['id'] })
    expect(deployment.createdAt).toEqual(dateAt(ours ?? {}, 'createdAt'))
    expect(world.report.everything).not.toContain('ECS started nothing')
  })

  it('looks for its deployment where the answer shows none of its revision', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world)
    const session = world.with({
      updateService: async (input) => {
        await world.session.ecs.updateService(input)
        return { service: plan.current.raw }
      },
    })
    const deployment = await updateService(plan, revision, session, world.ports)
    expect(deployment.started).toBe(true)
    expect(await deploymentIds(world)).toContain(deployment.deploymentId)
    expect(deployment.deploymentId).not.toBe(plan.current.primaryDeploymentId)
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('does not say that nothing was started where no look shows what was', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world)
    const session = world.with({
      updateService: () => Promise.resolve({ service: plan.current.raw }),
    })
    await expect(updateService(plan, revision, session, world.ports)).rejects.toMatchObject({
      code: 'update-lost',
      message: expect.stringContaining('was answered without a deployment, and service'),
    })
    expect(world.report.ongoing.join()).toContain('to web:2 was sent')
  })

  it('names the permission that is missing', async () => {
    const allow = ['ecs:Describe*', 'ecs:RegisterTaskDefinition', 'iam:PassRole']
    const world = await createWorld({ allow })
    const { plan, revision } = await prepare(world)
    await expect(updateService(plan, revision, world.session, world.ports)).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('ecs:UpdateService'),
      remedy: expect.stringContaining('"Action":"ecs:UpdateService"'),
    })
  })

  it('says that ECS may go on when it is cancelled with the update on its way', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world)
    const cancelled = new ActionError('cancelled', 'cancelled by the runner', 'Nothing.')
    const session = world.with({
      updateService: () => {
        world.abort(cancelled)
        return new Promise(() => undefined)
      },
    })
    const end = updateService(plan, revision, session, world.ports)
    await expect(end).rejects.toMatchObject({ name: 'InDoubt', cause: cancelled })
    expect(world.report.ongoing.join()).toContain('to web:2 was sent')
  })

  it('tells that a service is not active any more', async () => {
    const world = await createWorld()
    const { plan, revision } = await prepare(world)
    await world.call('DeleteService', { cluster: 'prod', service: 'web', force: true })
    await expect(updateService(plan, revision, world.session, world.ports)).rejects.toMatchObject({
      code: 'service-inactive',
    })
  })
})
