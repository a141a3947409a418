import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BuildInputs } from '../../src/core/inputs/inputs.ts'
import { objectAt, type JsonObject } from '../../src/core/json.ts'
import type { ImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { planBakedRelease } from '../../src/stages/preflight/plan-baked-release.ts'
import { publishImages } from '../../src/stages/publish/publish-images.ts'
import { bakedRelease, BakeWorld, printed } from '../support/bake-world.ts'
import { buildSettings } from '../support/build-settings.ts'
import { sessionOf } from '../support/test-registry.ts'

let world: BakeWorld
beforeEach(async () => {
  world = await BakeWorld.open()
})
afterEach(async () => {
  await world.close()
})

const session = () => sessionOf(world.registry.settings)
async function plan(build: Partial<BuildInputs> = {}): Promise<readonly ImagePlan[]> {
  const inputs = bakedRelease(build)
  return (await planBakedRelease(inputs, inputs.build.bake, session(), world.ports)).images
}

/** What is built of `web`, which is built upon `base`. */
async function built(base: JsonObject, inputs: Partial<BuildInputs> = {}): Promise<JsonObject> {
  const web = { ...printed.target.web, contexts: { base: 'target:base' } }
  await world.play({ bake: { ...printed, target: { ...printed.target, web, base } } })
  const plans = await plan(inputs)
  expect(plans.map((image) => image.kind === 'bake' && image.target)).toEqual(['web', 'worker'])
  await publishImages(plans, session(), world.ports)
  return objectAt(await world.built(), 'target')
}

const base = { context: 'web', dockerfile: 'Dockerfile', output: ['type=cacheonly'] }

describe('a target that others are built upon', () => {
  it('goes nowhere, and says nothing of where it comes from', async () => {
    const members = objectAt(await built({ ...base, tags: ['elsewhere/base:1'] }), 'base')
    expect(members['output']).toEqual(['type=cacheonly'])
    const names = Object.keys(members)
    expect(names.filter((name) => ['tags', 'labels', 'annotations'].includes(name))).toEqual([])
  })

  it('is built anew where the inputs say so, as those that are pushed', async () => {
    const settings = buildSettings({ noCacheFilters: ['deps'] })
    const targets = await built(base, { noCache: true, pull: true, settings })
    for (const name of ['base', 'web', 'worker']) {
      expect(objectAt(targets, name)).toMatchObject({
        ...{ 'no-cache': true, pull: true, 'no-cache-filter': ['deps'] },
        platforms: ['linux/amd64', 'linux/arm64'],
      })
    }
  })

  it('gets the agent that the inputs grant, not one of its own choice', async () => {
    const settings = buildSettings({ ssh: ['default=/agent.sock'] })
    const targets = await built({ ...base, ssh: ['default'] }, { settings })
    expect(objectAt(targets, 'base')['ssh']).toEqual(['default=/agent.sock'])
  })
})
