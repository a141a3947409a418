import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { ServiceSettings } from '../../src/core/inputs/deploy/service-settings.ts'
import { objectAt, type JsonObject } from '../../src/core/json.ts'
import { updateService } from '../../src/stages/deploy/update-service.ts'
import { registerTaskDefinition } from '../../src/stages/deploy/register-task-definition.ts'
import { EcsWorld, taskDefinition, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure, reset } from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

/** A session that keeps what it sends. */
function spying(world: EcsWorld) {
  const sent: JsonObject[] = []
  const session = world.with({
    updateService: (input) => {
      sent.push(input)
      return world.session.ecs.updateService(input)
    },
  })
  return { sent, session }
}

describe('settings of a service', () => {
  it('go into the one UpdateService of a deployment', async () => {
    const world = await createWorld()
    const settings = { desiredCount: 3, deploymentConfiguration: { maximumPercent: 150 } }
    const outcome = await world.deploy(pushedImage(1), { settings })
    expect(outcome).toMatchObject({ outcome: 'deployed', changed: true })
    expect(world.requests('UpdateService')).toBe(1)
    const service = await world.service()
    expect(service).toMatchObject({ desiredCount: 3, runningCount: 3 })
    expect(objectAt(service, 'deploymentConfiguration')).toMatchObject({
      ...{ maximumPercent: 150, minimumHealthyPercent: 100, strategy: 'ROLLING' },
    })
  })

  it('alone change the service without a deployment: unchanged, and yet changed', async () => {
    const world = await createWorld()
    const before = await world.running()
    const outcome = await world.deploy(undefined, { settings: { desiredCount: 4 } })
    expect(outcome).toMatchObject({ outcome: 'unchanged', changed: true })
    expect(await world.service()).toMatchObject({ desiredCount: 4, runningCount: 4 })
    expect(await world.running()).toBe(before)
    expect(world.requests('UpdateService')).toBe(1)
    expect(world.report.lines.join('\n')).toContain('web: changed desired-count')
  })

  it('that need a deployment are deployed', async () => {
    const world = await createWorld()
    const outcome = await world.deploy(undefined, { settings: { platformVersion: '1.3.0' } })
    expect(outcome).toMatchObject({ outcome: 'deployed', changed: true })
    expect((await world.service())['platformVersion']).toBe('1.3.0')
  })

  it('that are so already are not sent', async () => {
    const world = await createWorld()
    const settings = { desiredCount: 2, deploymentConfiguration: { strategy: 'ROLLING' } }
    const outcome = await world.deploy(undefined, { settings })
    expect(outcome).toMatchObject({ outcome: 'unchanged', changed: false })
    expect(world.requests('UpdateService')).toBe(0)
  })

  it('let a service go to no task at all, which proves nothing', async () => {
    const world = await createWorld()
    const outcome = await world.deploy(pushedImage(1), { settings: { desiredCount: 0 } })
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: false })
    expect(await world.service()).toMatchObject({ desiredCount: 0, runningCount: 0 })
  })

  it('are found although the answer was lost, and not sent again', async () => {
    const world = await createWorld()
    const plan = await world.plan({ settings: { desiredCount: 5 } })
    const revision = await registerTaskDefinition(plan, undefined, world.session, world.ports)
    const session = world.with({
      updateService: async (input) => {
        await world.session.ecs.updateService(input)
        throw failure(reset)
      },
    })
    const deployment = await updateService(plan, revision, session, world.ports)
    expect(deployment).toMatchObject({ started: false, settingsChanged: true })
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('are lost where no look shows them', async () => {
    const world = await createWorld()
    const plan = await world.plan({ settings: { desiredCount: 5 } })
    const revision = await registerTaskDefinition(plan, undefined, world.session, world.ports)
    const session = world.with({ updateService: () => Promise.reject(failure(reset)) })
    await expect(updateService(plan, revision, session, world.ports)).rejects.toMatchObject({
      code: 'update-lost',
    })
  })

  it('count for the deadline: the bake time that is set, not the one that was', async () => {
    const world = await createWorld()
    const settings = { deploymentConfiguration: { bakeTimeInMinutes: 25 } }
    expect((await world.plan({ settings })).wait.mostMs).toBe(55 * 60_000)
    await expect(world.plan({ settings, waitMinutes: 20 })).rejects.toMatchObject({
      message: expect.stringContaining('25 min'),
    })
  })

  it('count for who judges: with the breaker that is set, ECS itself', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { exitsAfterMs: 1_000, exitCode: 3 } })
    const breaker = { enable: true, rollback: true }
    const settings = { deploymentConfiguration: { deploymentCircuitBreaker: breaker } }
    const outcome = await world.deploy(pushedImage(1), { settings })
    expect(outcome.outcome).toBe('rolled-back')
  })
})

describe('settings that do not fit the service', () => {
  it.each<[ServiceSettings, RegExp, string]>([
    [{ deploymentConfiguration: { strategy: 'CANARY' } }, /"CANARY" is not the strategy/, 'Leave'],
    [
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
      /has another strategy/,
      'force-new-deployment',
    ],
    [
      { volumeConfigurations: [{ name: 'data', managedEBSVolume: {} }] },
      /task definition web:1 has no volume "data"/,
      'configuredAtLaunch',
    ],
  ])('are refused before anything is written: %j', async (settings, message, remedy) => {
    const world = await createWorld()
    await expect(world.plan({ settings })).rejects.toMatchObject({
      ...{ code: 'setting-refused', message: expect.stringMatching(message) },
      remedy: expect.stringContaining(remedy),
    })
  })

  it('are refused all together', async () => {
    const world = await createWorld({
      ...{ service: { launchType: 'EC2' }, definition: { requiresCompatibilities: ['EC2'] } },
    })
    const settings = {
      ...{ platformVersion: '1.4.0', deploymentConfiguration: { strategy: 'LINEAR' } },
    }
    await expect(world.plan({ settings })).rejects.toMatchObject({
      message: expect.stringMatching(/^2 things are wrong: platform-version.*deployment-config/),
    })
  })

  it('may be another strategy of capacity where the deployment is forced', async () => {
    const world = await createWorld()
    const settings = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }
    const outcome = await world.deploy(undefined, { settings, forceNewDeployment: true })
    expect(outcome.outcome).toBe('deployed')
    const again = await world.deploy(undefined, { settings })
    expect(again).toMatchObject({ outcome: 'unchanged', changed: false })
  })

  it('may be a volume that the task definition leaves open', async () => {
    const volumes = [{ name: 'data', configuredAtLaunch: true }]
    const world = await createWorld({ definition: { ...taskDefinition, volumes } })
    const volumeConfigurations = [{ name: 'data', managedEBSVolume: { roleArn: 'r' } }]
    const outcome = await world.deploy(undefined, { settings: { volumeConfigurations } })
    expect(outcome).toMatchObject({ outcome: 'deployed', changed: true })
  })
})

const someSettings: fc.Arbitrary<ServiceSettings> = fc.record(
  {
    desiredCount: fc.integer({ min: 0, max: 3 }),
    propagateTags: fc.constantFrom('SERVICE' as const, 'TASK_DEFINITION' as const),
    enableECSManagedTags: fc.boolean(),
    platformVersion: fc.constantFrom('LATEST', '1.4.0'),
    deploymentConfiguration: fc.record(
      { maximumPercent: fc.constantFrom(150, 200), minimumHealthyPercent: fc.constant(50) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

describe('UpdateService', () => {
  it('is never sent anything that was not asked for, and all that was', async () => {
    const world = await createWorld()
    const image = pushedImage(1)
    await fc.assert(
      fc.asyncProperty(someSettings, fc.boolean(), async (settings, forceNewDeployment) => {
        const { sent, session } = spying(world)
        const plan = await world.plan({ settings, forceNewDeployment }, image)
        const revision = await registerTaskDefinition(plan, image, session, world.ports)
        await updateService(plan, revision, session, world.ports)
        const base = { cluster: plan.current.clusterArn, service: 'web' }
        for (const input of sent) {
          expect(input).toEqual({
            ...{ ...base, taskDefinition: revision.arn, ...settings },
            ...(forceNewDeployment && { forceNewDeployment }),
          })
        }
        expect(sent.length).toBeLessThanOrEqual(1)
        await world.clock.sleep(300_000)
      }),
      { numRuns: 25 },
    )
  })
})
