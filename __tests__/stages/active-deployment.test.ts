import { afterEach, describe, expect, it } from '@jest/globals'

import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import type { PolicyInputs } from '../../src/core/inputs/deploy/policies.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { guardActiveDeployments } from '../../src/stages/preflight/guard-active-deployments.ts'
import { createBlueGreenWorld, pauseAt } from '../support/blue-green.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import {
  allowed,
  crashing,
  failure,
  reset,
  throttled,
  withBreaker,
} from '../support/rollout-scenarios.ts'
import { usualPolicies } from '../support/usual-policies.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

const onActive = (
  onActiveDeployment: PolicyInputs['onActiveDeployment'],
): Pick<DeployInputs, 'policies'> => ({ policies: { ...usualPolicies, onActiveDeployment } })

/** Preflight with its guard, then the deployment. */
async function deploy(
  world: EcsWorld,
  image: number,
  differences: Partial<DeployInputs> = {},
  session: AwsSession = world.session,
): Promise<ServiceOutcome> {
  const pushed = pushedImage(image)
  const plan = await world.plan(differences, pushed)
  await guardActiveDeployments([plan], pushed, session, world.ports)
  const what = { services: [plan], deployOrder: 'parallel' } as const
  const [outcome] = (await deployServices(what, pushed, session, world.ports)).services
  if (outcome === undefined) throw new TypeError('no outcome')
  return outcome
}

/** Somebody's deployment of web:2 that has not ended. */
async function someoneDeploys(world: EcsWorld): Promise<void> {
  await world.deploy(pushedImage(1), { waitForStability: false })
  await world.clock.sleep(10_000)
}

async function someonesRollback(): Promise<EcsWorld> {
  const world = await createWorld({
    service: withBreaker(true),
    pace: { completesAfterMs: 60_000 },
  })
  world.script({ 'web:2': crashing })
  await world.deploy(pushedImage(1), { waitForStability: false })
  for (let i = 0; i < 100 && (await world.running()) !== 'web:1'; i += 1) {
    await world.clock.sleep(2_000)
  }
  return world
}

describe('a deployment that is under way before ours', () => {
  it('is superseded with a warning that names it', async () => {
    const world = await createWorld()
    await someoneDeploys(world)
    expect(await deploy(world, 2)).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.warnings.join()).toMatch(
      /deployment under way: ecs-svc\/\d+ of web:2 \(arn:[^)]+\); ours takes its place/,
    )
  })

  it('keeps ours out where that is asked for, before anything is written', async () => {
    const world = await createWorld()
    await someoneDeploys(world)
    await expect(deploy(world, 2, onActive('refuse'))).rejects.toMatchObject({
      code: 'deployment-active',
      message: expect.stringContaining('of web:2'),
    })
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('is waited for where that is asked for, and then ours begins', async () => {
    const world = await createWorld()
    await someoneDeploys(world)
    expect(await deploy(world, 2, onActive('wait'))).toMatchObject({ outcome: 'deployed' })
    const deployments = await world.operator.listServiceDeployments({
      ...{ cluster: 'prod', service: 'web', status: ['STOPPED'] },
    })
    expect(deployments['serviceDeployments']).toEqual([])
    expect(await world.running()).toBe('web:3')
  })

  it('tells once that ours follows it to another definition, however often it is looked at', async () => {
    const world = await createWorld()
    const pushed = pushedImage(2)
    const plan = await world.plan(onActive('wait'), pushed)
    await someoneDeploys(world)
    const what = { services: [plan], deployOrder: 'parallel' } as const
    await deployServices(what, pushed, world.session, world.ports)
    const told = world.report.notices.filter((notice) => notice.includes('another definition'))
    expect(told).toEqual([
      'web runs another definition by now: ours is made of task definition web:2',
    ])
  })

  /** Deploys after somebody's deployment; looks at it fail as `error` says. */
  async function waitWithFailures(world: EcsWorld, error: Error, fails: (look: number) => boolean) {
    await someoneDeploys(world)
    const { ecs } = world.session
    let rested = false
    let looks = 0
    world.clock.onRest = () => {
      rested = true
    }
    const session = world.with({
      describeServices: (input, limit) => {
        if (rested) looks += 1
        return rested && fails(looks - 1)
          ? Promise.reject(error)
          : ecs.describeServices(input, limit)
      },
    })
    return await deploy(world, 2, onActive('wait'), session)
  }

  it.each([
    ['is lost', failure(reset)],
    ['is throttled', failure(throttled)],
  ])('is waited for though a look %s', async (_what, error) => {
    const world = await createWorld()
    const outcome = await waitWithFailures(world, error, (look) => look < 2)
    expect(outcome).toMatchObject({ outcome: 'deployed' })
    expect(await world.running()).toBe('web:3')
  })

  it('is waited for no more where it cannot be seen: nothing is written', async () => {
    const world = await createWorld()
    const unseen = waitWithFailures(world, failure(reset), () => true)
    await expect(unseen).rejects.toMatchObject({ code: 'aws-unavailable' })
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('is waited for no longer than a deployment of ours would be', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { startMs: 36_000_000 } })
    await someoneDeploys(world)
    const sinceMs = world.clock.monotonicMs()
    const asked = { ...onActive('wait'), waitMinutes: 5 }
    await expect(deploy(world, 2, asked)).rejects.toMatchObject({
      code: 'deployment-active',
      message: expect.stringContaining('still has a deployment under way after 5 min'),
    })
    expect(world.clock.monotonicMs() - sinceMs).toBe(5 * 60_000)
    expect(world.requests('UpdateService')).toBe(1)
  })

  it.each([undefined, 'wait', 'refuse'] as const)(
    'is adopted where it is the very one we want (%s)',
    async (policy) => {
      const world = await createWorld()
      await someoneDeploys(world)
      const outcome = await deploy(world, 1, onActive(policy))
      expect(outcome).toMatchObject({ outcome: 'deployed', changed: false, verified: true })
      expect(world.requests('UpdateService')).toBe(1)
    },
  )

  it('is looked for again after the build', async () => {
    const world = await createWorld()
    const pushed = pushedImage(2)
    const plan = await world.plan(onActive('refuse'), pushed)
    await guardActiveDeployments([plan], 'to-be-built', world.session, world.ports)
    await someoneDeploys(world)
    const what = { services: [plan], deployOrder: 'parallel' } as const
    await expect(deployServices(what, pushed, world.session, world.ports)).rejects.toMatchObject({
      code: 'deployment-active',
    })
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('is told from the service alone without the permission to read its record', async () => {
    const world = await createWorld({ allow: allowed() })
    await someoneDeploys(world)
    await deploy(world, 2, { waitForStability: false })
    expect(world.report.warnings.join()).toMatch(/under way: ecs-svc\/\d+ of web:2; ours takes/)
    expect(world.report.warnings.join()).toContain('ecs:ListServiceDeployments')
  })

  it('is no reason to fail where its record is throttled', async () => {
    const world = await createWorld()
    await someoneDeploys(world)
    let refusals = 2
    const session = world.with({
      listServiceDeployments: (input) => {
        if (refusals === 0) return world.session.ecs.listServiceDeployments(input)
        refusals -= 1
        return Promise.reject(failure(throttled))
      },
    })
    expect(await deploy(world, 2, {}, session)).toMatchObject({ outcome: 'deployed' })
  })
})

describe('a rollback that is under way before ours', () => {
  it.each([undefined, 'wait', 'refuse'] as const)('is not disturbed (%s)', async (policy) => {
    const world = await someonesRollback()
    await expect(deploy(world, 2, onActive(policy))).rejects.toMatchObject({
      code: 'deployment-active',
      message: expect.stringContaining('a rollback to'),
    })
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('gives way to a supersede that is written out', async () => {
    const world = await someonesRollback()
    const outcome = await deploy(world, 2, onActive('supersede'))
    expect(outcome).toMatchObject({ outcome: 'deployed' })
  })
})

describe('a paused deployment before ours', () => {
  async function someonesPause(): Promise<EcsWorld> {
    const world = await createBlueGreenWorld({ lifecycleHooks: [pauseAt('POST_SCALE_UP')] })
    current = world
    await world.deploy(pushedImage(1), { waitForStability: false })
    await world.clock.sleep(120_000)
    return world
  }

  it.each([undefined, 'wait', 'refuse'] as const)('is left to its answer (%s)', async (policy) => {
    const world = await someonesPause()
    await expect(deploy(world, 2, onActive(policy))).rejects.toMatchObject({
      code: 'deployment-active',
      message: expect.stringMatching(/which is paused: pause hook ecs-pause-/),
    })
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('gives way to a supersede that is written out', async () => {
    const world = await someonesPause()
    await deploy(world, 2, { ...onActive('supersede'), waitForStability: false })
    expect(await world.running()).toBe('web:3')
    expect(world.report.warnings.join()).toContain('which is paused')
  })
})

describe('on-failure: rollback in preflight', () => {
  it('is refused where no deployment of the service has ended well yet', async () => {
    const world = await createWorld()
    await world.call('CreateService', {
      ...{ cluster: 'prod', serviceName: 'fresh', taskDefinition: 'web', desiredCount: 1 },
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    })
    const services = [{ cluster: 'prod', service: 'fresh', region: undefined }]
    const policies = { ...usualPolicies, onFailure: 'rollback' } as const
    await expect(deploy(world, 1, { services, policies })).rejects.toMatchObject({
      code: 'rollback-impossible',
    })
    expect(world.requests('UpdateService')).toBe(0)
  })
})
