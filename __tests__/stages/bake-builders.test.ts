import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BuildInputs } from '../../src/core/inputs/inputs.ts'
import { planBakedRelease } from '../../src/stages/preflight/plan-baked-release.ts'
import { publishImages } from '../../src/stages/publish/publish-images.ts'
import { bakedRelease, BakeWorld, printed } from '../support/bake-world.ts'
import { buildSettings } from '../support/build-settings.ts'
import { binfmtImage, ownBuilder } from '../support/own-builder.ts'
import { registryHost, sessionOf } from '../support/test-registry.ts'

let world: BakeWorld
beforeEach(async () => {
  world = await BakeWorld.open()
})
afterEach(async () => {
  await world.close()
})

async function bake(build: Partial<BuildInputs>): Promise<void> {
  const session = sessionOf(world.registry.settings)
  const inputs = bakedRelease(build)
  const plan = await planBakedRelease(inputs, inputs.build.bake, session, world.ports)
  await publishImages(plan.images, session, world.ports)
}

function twoNodes() {
  const node = { name: undefined, endpoint: 'tcp://arm64:1234', platforms: [] }
  const nodes = [{ ...node, driverOptions: [], buildkitdFlags: undefined }]
  return ownBuilder({ driver: 'remote', endpoint: 'tcp://amd64:1234', nodes })
}

describe('bake', () => {
  it.each([
    ['is warned that they overwrite what it writes of caches', ['type=registry,ref=host/cache:1']],
    ['is not warned where it writes none', []],
  ])('by two nodes %s', async (_what, cacheTo) => {
    const nodePlatforms = { 'tcp://amd64:1234': 'linux/amd64', 'tcp://arm64:1234': 'linux/arm64*' }
    await world.play({ bake: printed, nodePlatforms })
    await bake({ builder: twoNodes(), settings: buildSettings({ cacheTo }) })
    const told = world.ports.report.warnings.filter((text) =>
      /^the nodes of builder \S+ write one cache name, so the last/.test(text),
    )
    expect(told).toHaveLength(cacheTo.length)
  })

  it.each([
    ['is not warned of the cache of a target of one platform', 'web', ['linux/arm64'], 0],
    [
      'is warned of that of a target others are built upon',
      'base',
      ['linux/amd64', 'linux/arm64'],
      1,
    ],
  ])('by two nodes %s', async (_what, writer, platforms, count) => {
    const nodePlatforms = { 'tcp://amd64:1234': 'linux/amd64', 'tcp://arm64:1234': 'linux/arm64*' }
    const cache = { 'cache-to': [`type=registry,ref=${registryHost}/sample/web:cache`] }
    const writes = (name: string) => (name === writer ? cache : {})
    const base = { context: 'web', dockerfile: 'Dockerfile', platforms, ...writes('base') }
    const contexts = { base: 'target:base' }
    const web = { ...printed.target.web, platforms, contexts, ...writes('web') }
    const worker = { ...printed.target.worker, platforms: ['linux/amd64'] }
    await world.play({ bake: { ...printed, target: { base, web, worker } }, nodePlatforms })
    await bake({ builder: twoNodes() })
    const told = world.ports.report.warnings.filter((text) => text.includes('write one cache name'))
    expect(told).toHaveLength(count)
  })

  it("by an engine's own builder that cannot push attestations is refused before it builds", async () => {
    const info = {
      ServerVersion: '26.1.5',
      DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']],
    }
    await world.play({ bake: printed, info })
    await world.docker.addBuilder('default', 'docker', 'linux/amd64', 'default')
    const builder = { kind: 'engine', binfmtImage } as const
    await expect(bake({ builder, platforms: ['linux/amd64'] })).rejects.toMatchObject({
      code: 'builder-unsuitable',
      message: expect.stringContaining('can push attestations only from Docker 28 on'),
    })
  })
})
