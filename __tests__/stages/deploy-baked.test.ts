import { afterEach, describe, expect, it } from '@jest/globals'
import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import { objectAt, objectsAt, stringAt, type JsonObject } from '../../src/core/json.ts'
import { bindImages } from '../../src/core/plan/image/bind-images.ts'
import type { ImageTarget } from '../../src/core/plan/image/planned-images.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { inspectServices } from '../../src/stages/preflight/inspect-services.ts'
import { EcsWorld, inputs, taskDefinition } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { parseEcrHost } from '../../src/core/image/repository/repository.ts'

/** Of another account: whether its images are there is not asked. */
const registryHost = '999999999999.dkr.ecr.us-east-1.amazonaws.com'
const registry = parseEcrHost(registryHost) ?? { host: '', accountId: '', region: '' }
const images = new Map(
  ['web', 'worker'].map((name, index) => [
    name,
    { ...pushedImage(index + 1), repository: { registry, name: `sample/${name}` } },
  ]),
)
const targets = new Map<string, ImageTarget>(
  [...images].map(([name, { repository }]) => [
    name,
    { repository, platforms: ['linux/amd64', 'linux/arm64'], region: 'us-east-1' },
  ]),
)

/** The world's task definition with a container of each image, and one of somebody else's. */
const [container = {}] = objectsAt(taskDefinition, 'containerDefinitions')
const definition: JsonObject = {
  ...taskDefinition,
  containerDefinitions: [
    { ...container, name: 'front', image: `${registryHost}/sample/web:old` },
    { name: 'back', image: `${registryHost}/sample/worker:old` },
    { name: 'proxy', image: `envoy@sha256:${'7'.repeat(64)}` },
  ],
}

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

async function deploy(differences: Partial<DeployInputs> = {}) {
  world = await EcsWorld.create({ definition })
  const all = { ...inputs, ...differences }
  const plans = await inspectServices(all, { targets }, world.session, world.ports)
  const services = plans.map((plan) => bindImages(plan, images))
  const order = { services, deployOrder: 'parallel' as const }
  const { services: outcomes } = await deployServices(order, undefined, world.session, world.ports)
  const described = await world.call('DescribeTaskDefinition', {
    taskDefinition: outcomes[0]?.taskDefinitionArn,
  })
  const containers = objectsAt(objectAt(described, 'taskDefinition'), 'containerDefinitions')
  const running = containers.map((each) => [stringAt(each, 'name'), stringAt(each, 'image')])
  return { outcomes, running: Object.fromEntries(running) as Readonly<Record<string, string>> }
}

const uri = (target: string) =>
  `${registryHost}/sample/${target}@${images.get(target)?.digest ?? ''}`
const choose = (
  ...pairs: readonly (readonly [string, string])[]
): DeployInputs['taskDefinition'] => ({
  ...inputs.taskDefinition,
  containerTargets: new Map(pairs),
})

describe('several images for one service', () => {
  it('go each to the container that uses its repository, and all are verified', async () => {
    const { outcomes, running } = await deploy()
    expect(running).toMatchObject({ front: uri('web'), back: uri('worker') })
    expect(running['proxy']).toMatch(/^envoy@/)
    expect(outcomes).toMatchObject([{ outcome: 'deployed', verified: true }])
  })

  it('go where container-images says, and nowhere else', async () => {
    const { running } = await deploy({ taskDefinition: choose(['back', 'web']) })
    expect(running).toMatchObject({ back: uri('web'), front: `${registryHost}/sample/web:old` })
  })

  it('are refused where it names a target that this run does not build', async () => {
    const refused = deploy({ taskDefinition: choose(['back', 'api']) })
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-inputs',
      message: expect.stringContaining('web, worker'),
    })
  })

  it('are refused where it names no container', async () => {
    const refused = deploy({ taskDefinition: choose(['nobody', 'web']) })
    await expect(refused).rejects.toMatchObject({ code: 'container-not-found' })
  })

  it('are not verified by one of them alone', async () => {
    const other = pushedImage(3)
    world = await EcsWorld.create({ definition })
    const plans = await inspectServices(inputs, { targets }, world.session, world.ports)
    const bound = plans.map((each) => bindImages(each, images))
    // What the containers are to run is another image than the one that is put into the definition.
    const services = bound.map((each) => ({
      ...each,
      ownImages: new Map([...(each.ownImages ?? []), ['back', other] as const]),
    }))
    const order = { services, deployOrder: 'parallel' as const }
    const { services: outcomes } = await deployServices(
      ...([order, undefined, world.session, world.ports] as const),
    )
    expect(outcomes).toMatchObject([{ outcome: 'wrong-image', verified: false }])
  })
})
