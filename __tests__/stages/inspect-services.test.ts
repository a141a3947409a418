import { afterEach, describe, expect, it } from '@jest/globals'

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

const line = (cluster: string, service: string) => ({ cluster, service, region: undefined })

describe('inspecting services', () => {
  it('plans each service from what it runs, tags included', async () => {
    const world = await createWorld({ definition: { tags: [{ key: 'team', value: 'shop' }] } })
    const plan = await world.plan({}, pushedImage(1))
    expect(plan).toMatchObject({
      ...{ cluster: 'prod', service: 'web', containerNames: ['app'], forceNewDeployment: false },
      source: { origin: 'task definition web:1', tags: [{ key: 'team', value: 'shop' }] },
      wait: { awaited: true, mostMs: 30 * 60_000, maxTaskFailures: 3 },
      current: { desiredCount: 2, runningCount: 2, primaryDeploymentId: expect.any(String) },
    })
    expect(plan.currentDefinition).toBe(plan.source)
  })

  it('takes a cluster by its ARN', async () => {
    const world = await createWorld()
    const cluster = 'arn:aws:ecs:us-east-1:123456789012:cluster/prod'
    const plan = await world.plan({ services: [line(cluster, 'web')] })
    expect(plan).toMatchObject({ cluster: 'prod', service: 'web' })
  })

  it('names a cluster that does not exist', async () => {
    const world = await createWorld()
    await expect(world.plan({ services: [line('prd', 'web')] })).rejects.toMatchObject({
      code: 'cluster-not-found',
      message: 'there is no such cluster: cluster "prd" (us-east-1)',
      remedy: expect.stringContaining('aws ecs list-clusters --region us-east-1'),
    })
  })

  it('names every service that does not exist, in one error', async () => {
    const world = await createWorld()
    const services = [line('prod', 'wbe'), line('prod', 'web'), line('prod', 'api')]
    await expect(world.plan({ services })).rejects.toMatchObject({
      code: 'service-not-found',
      message: expect.stringMatching(/^2 things are wrong: .*"wbe".*"api"/),
    })
  })

  it('fails closed when ECS answers neither a service nor a failure', async () => {
    const world = await createWorld()
    const empty = () => Promise.resolve({ services: [], failures: [] })
    const session = world.with({ describeServices: empty })
    await expect(world.plan({}, undefined, session)).rejects.toThrow('there is no service "web"')
  })

  it.each([
    ['the deployment controller CODE_DEPLOY', { deploymentController: { type: 'CODE_DEPLOY' } }],
    ['the deployment controller EXTERNAL', { deploymentController: { type: 'EXTERNAL' } }],
    ['the scheduling strategy DAEMON', { schedulingStrategy: 'DAEMON' }],
    ['the deployment strategy RAINBOW', { deploymentConfiguration: { strategy: 'RAINBOW' } }],
    ['an Express Mode service', { resourceManagementType: 'ECS' }],
  ])('refuses %s by name', async (name, members) => {
    const world = await createWorld()
    world.simulator.ecs.seedService({
      ...{ serviceName: 'other', clusterArn: 'prod', taskDefinition: 'web:1' },
      ...members,
    })
    await expect(world.plan({ services: [line('prod', 'other')] })).rejects.toMatchObject({
      code: 'service-unsupported',
      message: expect.stringContaining(name),
    })
  })

  it('refuses a service that is being deleted', async () => {
    const world = await createWorld()
    await world.call('DeleteService', { cluster: 'prod', service: 'web', force: true })
    await expect(world.plan()).rejects.toMatchObject({ code: 'service-inactive' })
  })

  it.each(['BLUE_GREEN', 'LINEAR', 'CANARY'])(
    'takes the deployment strategy %s',
    async (strategy) => {
      const world = await createWorld()
      const deploymentConfiguration = { strategy, bakeTimeInMinutes: 7 }
      world.simulator.ecs.seedService({
        ...{ serviceName: 'other', clusterArn: 'prod', taskDefinition: 'web:1' },
        deploymentConfiguration,
      })
      const plan = await world.plan({ services: [line('prod', 'other')] })
      expect(plan.deploymentConfiguration).toMatchObject(deploymentConfiguration)
      expect(plan.wait.mostMs).toBeGreaterThanOrEqual(37 * 60_000)
    },
  )

  it('finds everything wrong at once: container and platform before anything is built', async () => {
    const world = await createWorld()
    const image = { ...pushedImage(1), platforms: pushedImage(1).platforms.slice(1) }
    await expect(world.plan({ containerNames: ['ap'] }, image)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^2 things are wrong: .*no container "ap"; it has "app".*linux\/arm64 only/,
      ),
    })
  })

  it('reads a task definition file in YAML and says where it is wrong', async () => {
    const world = await createWorld()
    world.files.set('/workspace/td.yaml', `family: web\ncpu: 256\ncontainerDefinitions: []\n`)
    await expect(world.plan({ taskDefinition: fromFile('td.yaml') })).rejects.toMatchObject({
      code: 'task-definition-unreadable',
      message: expect.stringContaining('2:6: cpu is the number 256'),
    })
    world.files.set('/workspace/td.yaml', JSON.stringify(taskDefinition))
    const plan = await world.plan({ taskDefinition: fromFile('td.yaml') })
    expect(plan.source.origin).toBe('file td.yaml')
  })

  it('writes nothing', async () => {
    const world = await createWorld({ allow: ['ecs:Describe*'] })
    await expect(world.plan({}, pushedImage(1))).resolves.toBeDefined()
  })
})
