import { afterEach, describe, expect, it } from '@jest/globals'

import type { PolicyInputs } from '../../src/core/inputs/deploy/policies.ts'
import { numberAt, objectAt, objectsAt, type JsonObject } from '../../src/core/json.ts'
import { planTaskBeside } from '../../src/core/plan/service/run-task-plan.ts'
import type { ServicePlan } from '../../src/core/plan/service/service-plan.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { inspectServices } from '../../src/stages/preflight/inspect-services.ts'
import { EcsWorld, inputs, taskDefinition } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { usualRunTask } from '../support/run-task-inputs.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

const image = pushedImage(1)
const api = { ...taskDefinition, family: 'api' }

/** The steady services `web` and `api`, each of its own family. */
async function createWorld(): Promise<EcsWorld> {
  const world = await EcsWorld.create()
  current = world
  await world.call('RegisterTaskDefinition', api)
  await world.call('CreateService', {
    ...{ cluster: 'prod', serviceName: 'api', taskDefinition: 'api:1', desiredCount: 1 },
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  })
  await world.clock.sleep(120_000)
  return world
}

/** Somebody's deployment of another definition of `api`. */
async function someoneDeploysApi(world: EcsWorld): Promise<void> {
  const larger = { ...api, cpu: '512', memory: '1024' }
  const { taskDefinition: registered } = await world.call('RegisterTaskDefinition', larger)
  const revision = String(numberAt(objectAt({ registered }, 'registered'), 'revision'))
  const update = { cluster: 'prod', service: 'api', taskDefinition: `api:${revision}` }
  await world.call('UpdateService', update)
}

/** Acts once, in the first rest after `operation` was asked for from now on. */
function onceAfter(world: EcsWorld, operation: string, act: () => Promise<void>): void {
  const asked = world.requests(operation)
  let acted = false
  world.clock.onRest = async () => {
    if (acted || world.requests(operation) === asked) return
    acted = true
    await act()
  }
}

async function plan(
  world: EcsWorld,
  onActiveDeployment: PolicyInputs['onActiveDeployment'],
): Promise<readonly ServicePlan[]> {
  const named = (service: string) => ({ cluster: 'prod', service, region: undefined })
  const policies = { ...inputs.policies, onActiveDeployment }
  const deploying = { ...inputs, policies, services: ['web', 'api'].map(named) }
  const platforms = image.platforms.map(({ platform }) => platform)
  const target = { repository: image.repository, platforms }
  return await inspectServices(deploying, target, world.session, world.ports)
}

/** `web` and then `api`. */
async function deployInOrder(
  world: EcsWorld,
  onActiveDeployment?: PolicyInputs['onActiveDeployment'],
) {
  const services = await plan(world, onActiveDeployment)
  const what = { services, deployOrder: 'sequential' } as const
  return (await deployServices(what, image, world.session, world.ports)).services
}

async function apiRuns(world: EcsWorld): Promise<JsonObject> {
  const answer = await world.call('DescribeServices', { cluster: 'prod', services: ['api'] })
  const [service = {}] = objectsAt(answer, 'services')
  const described = { taskDefinition: service['taskDefinition'] ?? '' }
  return objectAt(await world.call('DescribeTaskDefinition', described), 'taskDefinition')
}

describe('a deployment that somebody begins while the service before ours rolls out', () => {
  it('keeps ours out where that is asked for', async () => {
    const world = await createWorld()
    world.script({ 'api:3': { startMs: 3_600_000 } })
    onceAfter(world, 'UpdateService', () => someoneDeploysApi(world))
    expect(await deployInOrder(world, 'refuse')).toMatchObject([
      { service: 'web', outcome: 'deployed' },
      {
        ...{ service: 'api', outcome: 'failed', changed: false },
        error: { code: 'deployment-active', message: expect.stringContaining('of api:3') },
      },
    ])
    expect(world.requests('UpdateService')).toBe(1)
    expect(await apiRuns(world)).toMatchObject({ revision: 3 })
  })

  it.each([undefined, 'supersede'] as const)(
    'is superseded with a warning that names it (%s)',
    async (policy) => {
      const world = await createWorld()
      world.script({ 'api:3': { startMs: 3_600_000 } })
      onceAfter(world, 'UpdateService', () => someoneDeploysApi(world))
      expect(await deployInOrder(world, policy)).toMatchObject([
        { outcome: 'deployed' },
        { outcome: 'deployed', previousTaskDefinitionArn: expect.stringMatching(/api:3$/) },
      ])
      expect(world.report.warnings).toEqual([
        expect.stringMatching(/deployment under way: ecs-svc\/\d+ of api:3.*ours takes its place/),
      ])
    },
  )

  it('gives ours the definition that it was made of, where it has landed by then', async () => {
    const world = await createWorld()
    onceAfter(world, 'UpdateService', async () => {
      await someoneDeploysApi(world)
      await world.clock.sleep(120_000)
    })
    expect(await deployInOrder(world)).toMatchObject([
      { outcome: 'deployed' },
      { outcome: 'deployed', changed: true, verified: true },
    ])
    expect(await apiRuns(world)).toMatchObject({
      cpu: '512',
      containerDefinitions: [{ image: `registry.example.com/web@${image.digest}` }],
    })
  })

  it('is seen where the service was on our revision before that', async () => {
    const world = await createWorld()
    await deployInOrder(world)
    await world.call('RegisterTaskDefinition', { ...taskDefinition, cpu: '512', memory: '1024' })
    await world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: 'web:3' })
    await world.clock.sleep(120_000)
    onceAfter(world, 'UpdateService', async () => {
      await world.call('UpdateService', {
        cluster: 'prod',
        service: 'api',
        taskDefinition: 'api:1',
      })
      await world.clock.sleep(120_000)
    })
    const outcomes = await deployInOrder(world)
    expect(outcomes).toMatchObject([
      { outcome: 'deployed' },
      { service: 'api', outcome: 'deployed', changed: true },
    ])
    expect(await apiRuns(world)).toMatchObject({ revision: 2 })
  })
})

describe('a deployment that somebody begins while the task before the services runs', () => {
  it('keeps all of ours out where that is asked for', async () => {
    const world = await createWorld()
    world.script({ 'api:3': { startMs: 3_600_000 } })
    const services = await plan(world, 'refuse')
    const behaviour = JSON.stringify({ exitsAfterMs: 5_000, exitCode: 0 })
    const environment = [{ name: 'SIMULATOR_BEHAVIOUR', value: behaviour }]
    const containerOverrides = [{ name: 'app', environment }]
    const runTask = { ...usualRunTask, when: 'before', containerOverrides } as const
    const task = planTaskBeside({ deploy: inputs, runTask }, services)
    onceAfter(world, 'RunTask', () => someoneDeploysApi(world))
    const what = { services, deployOrder: 'parallel', task } as const
    await expect(deployServices(what, image, world.session, world.ports)).rejects.toMatchObject({
      code: 'deployment-active',
    })
    expect(world.requests('RunTask')).toBe(1)
    expect(world.requests('UpdateService')).toBe(0)
  })
})
