import {
  DescribeImagesCommand,
  ECRClient,
  paginateDescribeImages,
  paginateDescribeRepositories,
  paginateListImages,
} from '@aws-sdk/client-ecr'
import {
  DescribeServicesCommand,
  ECSClient,
  paginateListTaskDefinitions,
  paginateListTasks,
  type Service,
  UpdateServiceCommand,
  waitUntilServicesStable,
  waitUntilTasksRunning,
} from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import { ScriptedDriver } from '../../simulator/ecs/drivers/scripted-driver.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { RegistryClient } from '../simulator/ecr/registry-client.ts'

/** AWS's waiters look every 15 s. Here they rest for a moment, and the clock goes on by as much. */
const lookEveryMs = 15_000
const waiting = { maxWaitTime: 60, minDelay: 0.001, maxDelay: 0.001 }

let clock: VirtualClock
let simulator: Simulator
let ecs: ECSClient
let ecr: ECRClient
let accessKeyId: string

const call = async (operation: string, input: JsonObject): Promise<void> => {
  const arn = 'arn:aws:iam::123456789012:user/operator'
  const caller = { accessKeyId: 'AKIA', accountId: '123456789012', region: 'us-east-1', arn }
  await simulator.ecs.operations[operation]?.(input, { caller, requestId: 'operator' })
}

const register = (environment: readonly string[] = []): Promise<void> =>
  call('RegisterTaskDefinition', {
    family: 'web',
    containerDefinitions: [
      {
        name: 'web',
        image: 'registry.example.com/web:1',
        memory: 128,
        environment: environment.map((name) => ({ name, value: 'x' })),
      },
    ],
  })

beforeEach(async () => {
  clock = new VirtualClock()
  const driver = new ScriptedDriver(clock, { 'web:3': { exitsAfterMs: 500, exitCode: 1 } })
  simulator = await startSimulator({ clock, driver, registry: { foreignImages: 'assume' } })
  const administrator = simulator.iam.addUser({ name: 'administrator' })
  const { secretAccessKey } = administrator
  accessKeyId = administrator.accessKeyId
  const options = {
    endpoint: simulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  }
  ecs = new ECSClient(options)
  ecr = new ECRClient(options)
  await call('CreateCluster', { clusterName: 'main' })
  for (const variables of [[], ['A'], ['A', 'B']]) await register(variables)
  await call('CreateService', {
    cluster: 'main',
    serviceName: 'web',
    taskDefinition: 'web:1',
    desiredCount: 5,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  })
})

afterEach(async () => {
  ecs.destroy()
  ecr.destroy()
  await simulator.close()
})

/** Has the time pass that the waiter would rest for. */
function letTimePass(): void {
  ecs.middlewareStack.add(
    (next) => async (arguments_) => {
      const answer = await next(arguments_)
      clock.advance(lookEveryMs)
      return answer
    },
    { step: 'initialize', name: 'letTimePass' },
  )
}

const wait = () =>
  waitUntilServicesStable({ client: ecs, ...waiting }, { cluster: 'main', services: ['web'] })

const update = (taskDefinition: string) =>
  ecs.send(new UpdateServiceCommand({ cluster: 'main', service: 'web', taskDefinition }))

async function look(): Promise<Service> {
  const command = new DescribeServicesCommand({ cluster: 'main', services: ['web'] })
  const { services: [service] = [] } = await ecs.send(command)
  if (service === undefined) throw new Error('there is no service web')
  return service
}

async function runningDefinition(): Promise<string | undefined> {
  return (await look()).taskDefinition?.split('/').at(-1)
}

/** Later than the waiter: a deployment that superseded this one has nothing to return to. */
async function untilCompleted(): Promise<void> {
  while ((await look()).deployments?.[0]?.rolloutState !== 'COMPLETED') clock.advance(lookEveryMs)
}

describe("the SDK's waiters", () => {
  it('find a new service stable, and an update of it', async () => {
    letTimePass()
    expect(await wait()).toMatchObject({ state: 'SUCCESS' })
    await update('web:2')
    expect(await wait()).toMatchObject({ state: 'SUCCESS' })
    expect(await runningDefinition()).toBe('web:2')
  })

  it('call a rollout that was rolled back a success: they count deployments and tasks', async () => {
    letTimePass()
    await wait()
    await untilCompleted()
    await update('web:3')
    expect(await wait()).toMatchObject({ state: 'SUCCESS' })
    expect(await runningDefinition()).toBe('web:1')
  })

  it('call a service stable before ECS calls its rollout completed', async () => {
    letTimePass()
    await wait()
    const [deployment] = (await look()).deployments ?? []
    expect(deployment?.rolloutState).toBe('IN_PROGRESS')
  })

  it('fail where there is no such service', async () => {
    const input = { cluster: 'main', services: ['wbe'] }
    await expect(waitUntilServicesStable({ client: ecs, ...waiting }, input)).rejects.toThrow(
      'FAILURE',
    )
  })

  it('see tasks run', async () => {
    letTimePass()
    await wait()
    const tasks: string[] = []
    for await (const { taskArns } of paginateListTasks({ client: ecs }, { cluster: 'main' })) {
      tasks.push(...(taskArns ?? []))
    }
    const input = { cluster: 'main', tasks }
    expect(await waitUntilTasksRunning({ client: ecs, ...waiting }, input)).toMatchObject({
      state: 'SUCCESS',
    })
  })
})

/** Lengths of the pages, and how many different items there were. */
async function count<T>(
  pages: AsyncIterable<T>,
  items: (page: T) => readonly unknown[] = () => [],
) {
  const lengths: number[] = []
  const seen = new Set<string>()
  for await (const page of pages) {
    lengths.push(items(page).length)
    for (const item of items(page)) seen.add(JSON.stringify(item))
  }
  return { lengths, different: seen.size }
}

describe("the SDK's paginators", () => {
  it('walk through tasks and task definitions', async () => {
    letTimePass()
    await wait()
    const page = { client: ecs, pageSize: 2 }
    expect(
      await count(paginateListTasks(page, { cluster: 'main' }), ({ taskArns = [] }) => taskArns),
    ).toEqual({ lengths: [2, 2, 1], different: 5 })
    const definitions = paginateListTaskDefinitions(page, { familyPrefix: 'web' })
    expect(await count(definitions, ({ taskDefinitionArns = [] }) => taskDefinitionArns)).toEqual({
      lengths: [2, 1],
      different: 3,
    })
  })

  it('walk through repositories, images and tags', async () => {
    for (const name of ['shop/a', 'shop/b', 'shop/c']) simulator.ecr.registry.create(name)
    const docker = RegistryClient.loggedIn(simulator, accessKeyId)
    for (const salt of ['one', 'two', 'three']) {
      await docker.push('shop/a', imageOf('linux/amd64', salt), salt)
    }
    const page = { client: ecr, pageSize: 2 }
    const repositoryName = 'shop/a'
    const repositories = paginateDescribeRepositories(page, {})
    const images = paginateDescribeImages(page, { repositoryName })
    const tags = paginateListImages(page, { repositoryName })
    const whole = { lengths: [2, 1], different: 3 }
    expect(await count(repositories, ({ repositories: found = [] }) => found)).toEqual(whole)
    expect(await count(images, ({ imageDetails = [] }) => imageDetails)).toEqual(whole)
    expect(await count(tags, ({ imageIds = [] }) => imageIds)).toEqual(whole)
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName }))
    expect(imageDetails).toHaveLength(3)
  })
})
