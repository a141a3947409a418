import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { planBakedRelease } from '../../src/stages/preflight/plan-baked-release.ts'
import { publishImages, type Published } from '../../src/stages/publish/publish-images.ts'
import { bakedRelease, BakeWorld } from '../support/bake-world.ts'
import { commit } from '../support/run-context.ts'
import { registryHost, sessionOf } from '../support/test-registry.ts'

let world: BakeWorld
beforeEach(async () => {
  world = await BakeWorld.open()
})
afterEach(async () => {
  await world.close()
})

async function release(): Promise<readonly Published[]> {
  const inputs = bakedRelease()
  const session = sessionOf(world.registry.settings)
  const { images } = await planBakedRelease(inputs, inputs.build.bake, session, world.ports)
  return await publishImages(images, session, world.ports)
}

describe('a bake that fails with one target after another is pushed', () => {
  const text =
    '#9 [worker 2/2] RUN false\nERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1'

  it('tells what is published, and no digest for the one that several have not', async () => {
    await world.play({ bakeFailsOnce: { at: 'worker', text } })
    await expect(release()).rejects.toMatchObject({ code: 'build-failed' })
    const { lines, facts } = world.ports.report
    expect(lines.filter((line) => line.startsWith('published before the failure: '))).toEqual([
      expect.stringMatching(
        new RegExp(`: ${registryHost}/sample/web@sha256:[0-9a-f]{64}, tagged ${commit}`),
      ),
    ])
    expect(facts.digest).toBeUndefined()
  })

  it('is not tried again for it', async () => {
    await world.play({ bakeFailsOnce: { at: 'worker', text } })
    await expect(release()).rejects.toMatchObject({ code: 'build-failed' })
    expect(await world.bakes()).toHaveLength(1)
  })
})

describe('a bake whose targets write one local cache at the same moment', () => {
  const text = 'ERROR: could not lock /caches/of-both/index.json.lock'

  it('is gone on with, and builds again what is not there yet', async () => {
    await world.play({ bakeFailsOnce: { at: 'worker', text } })
    const published = await release()
    expect(published.map(({ image }) => image.repository.name)).toEqual([
      'sample/web',
      'sample/worker',
    ])
    expect(await world.bakes()).toHaveLength(2)
  })
})
