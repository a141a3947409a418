import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { stringsAt } from '../../src/core/json.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { inspectServices } from '../../src/stages/preflight/inspect-services.ts'
import { planRollback } from '../../src/stages/preflight/plan-rollback.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { revertServices } from '../../src/stages/deploy/revert-services.ts'
import { EcsWorld, inputs } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { failure } from '../support/rollout-scenarios.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const serviceOf = (service: string) => ({ cluster: 'prod', service, region: undefined })
const services = [serviceOf('web'), serviceOf('api')]
const denied = { code: 'AccessDeniedException', httpStatus: 400 }

/** web has been brought to web:2, and api is on its way to web:3. */
async function createWorld(): Promise<void> {
  world = await EcsWorld.create()
  await world.call('CreateService', {
    ...{ cluster: 'prod', serviceName: 'api', taskDefinition: 'web:1', desiredCount: 1 },
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  })
  await world.clock.sleep(120_000)
  await world.deploy(pushedImage(1))
  world.script({ 'web:3': { startMs: 3_600_000 } })
  const image = pushedImage(2)
  const target = {
    repository: image.repository,
    platforms: image.platforms.map(({ platform }) => platform),
  }
  const asked = { ...inputs, services: [serviceOf('api')], waitForStability: false }
  const plans = await inspectServices(asked, target, world.session, world.ports)
  const toDeploy = { services: plans, deployOrder: 'parallel' as const }
  await deployServices(toDeploy, image, world.session, world.ports)
  await world.clock.sleep(20_000)
}

async function rollBackBoth(session: AwsSession): Promise<readonly ServiceOutcome[]> {
  const plan = await planRollback({ deploy: { ...inputs, services } }, session, world.ports)
  return await revertServices(plan, session, world.ports)
}

/** Once api's deployment was stopped, `refuse` decides about the looks at web alone. */
function atWeb(refuse: () => Promise<void>): AwsSession {
  const { ecs } = world.session
  return world.with({
    describeServices: async (input, limit) => {
      const isStopped = world.requests('StopServiceDeployment') > 0
      if (isStopped && stringsAt(input, 'services').some((name) => name.endsWith('web'))) {
        await refuse()
      }
      return await ecs.describeServices(input, limit)
    },
  })
}

describe('mode rollback of a service that is updated beside one that is stopped', () => {
  it('tells of both where the first cannot be looked at any more', async () => {
    await createWorld()
    const outcomes = await rollBackBoth(atWeb(() => Promise.reject(failure(denied))))
    expect(outcomes).toMatchObject([
      {
        ...{ service: 'web', outcome: 'failed', changed: false, verified: false },
        ...{ taskDefinitionArn: expect.stringMatching(/web:2$/), error: { code: 'access-denied' } },
      },
      { service: 'api', outcome: 'reverted', changed: true, verified: true },
    ])
    expect(world.report.facts).toMatchObject({ services: outcomes })
    expect(await world.running()).toBe('web:2')
  })

  it('tells of both where its definition cannot be registered', async () => {
    await createWorld()
    await world.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' })
    const registerTaskDefinition = () => Promise.reject(failure(denied))
    const session = world.with({ registerTaskDefinition })
    const outcomes = await rollBackBoth(session)
    expect(outcomes).toMatchObject([
      { service: 'web', outcome: 'failed', changed: false },
      { service: 'api', changed: true },
    ])
    expect(world.report.facts).toMatchObject({ services: outcomes })
  })

  it('tells of both where the run is cancelled in between', async () => {
    await createWorld()
    const reason = new ActionError('cancelled', 'cancelled by the runner', 'Nothing.')
    const session = atWeb(() => {
      world.abort(reason)
      return Promise.resolve()
    })
    const outcomes = await rollBackBoth(session)
    expect(outcomes).toMatchObject([
      { service: 'web', outcome: 'cancelled', changed: false, error: { code: 'cancelled' } },
      { service: 'api', outcome: 'reverted' },
    ])
    expect(world.report.facts).toMatchObject({ services: outcomes })
    expect(await world.running()).toBe('web:2')
  })

  it('throws where nothing was stopped and nothing updated', async () => {
    world = await EcsWorld.create()
    await world.deploy(pushedImage(1))
    const { session } = world
    const deploy = { ...inputs, services: [serviceOf('web')] }
    const plan = await planRollback({ deploy }, session, world.ports)
    const blind = world.with({ describeServices: () => Promise.reject(failure(denied)) })
    await expect(revertServices(plan, blind, world.ports)).rejects.toMatchObject({
      code: 'access-denied',
    })
    expect(world.requests('UpdateService')).toBe(1)
  })
})
