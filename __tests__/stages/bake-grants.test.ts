import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BuildSettings } from '../../src/core/inputs/build/build-settings.ts'
import { planBakedRelease } from '../../src/stages/preflight/plan-baked-release.ts'
import { publishImages, type Published } from '../../src/stages/publish/publish-images.ts'
import { bakedRelease, BakeWorld, printed } from '../support/bake-world.ts'
import { buildPorts } from '../support/build-ports.ts'
import { buildSettings } from '../support/build-settings.ts'
import { sessionOf } from '../support/test-registry.ts'

let world: BakeWorld
beforeEach(async () => {
  world = await BakeWorld.open()
})
afterEach(async () => {
  await world.close()
})

async function release(
  settings: Partial<BuildSettings>,
  ports = world.ports,
): Promise<readonly Published[]> {
  const inputs = bakedRelease({ settings: buildSettings(settings) })
  const session = sessionOf(world.registry.settings)
  const { images } = await planBakedRelease(inputs, inputs.build.bake, session, ports)
  return await publishImages(images, session, ports)
}

async function allowed(): Promise<readonly string[]> {
  const [argv = []] = await world.bakes()
  return argv.filter((argument) => argument.startsWith('--allow'))
}

const secrets = [{ kind: 'text', id: 'token', text: 'of-the-input' }] as const

describe('a bake with what the inputs name outside of the workspace', () => {
  it('reads a secret of theirs, and nothing beside it', async () => {
    expect(await release({ secrets })).toHaveLength(2)
    const temporary = world.docker.path('temporary')
    expect(await allowed()).toEqual([
      expect.stringMatching(new RegExp(`^--allow=fs\\.read=${temporary}/.+/secret`)),
    ])
  })

  it('uses the agent and the keys that they grant', async () => {
    const ssh = { ssh: ['default', 'deploy'] }
    const web = { ...printed.target.web, ...ssh }
    await world.play({ bake: { ...printed, target: { ...printed.target, web } } })
    const key = world.docker.path('home/key')
    await writeFile(key, '')
    expect(await release({ ssh: ['default', `deploy=${key}`] })).toHaveLength(2)
    expect(await allowed()).toEqual([`--allow=fs.read=${key}`, '--allow=ssh'])
  })

  it('keeps a cache in a folder that is not there yet, without leave for what that is in', async () => {
    const folder = world.docker.path('home/cache/of/bake')
    const cacheFrom = [`type=local,src=${folder}`]
    const cacheTo = [`type=local,dest=${folder},ignore-error=true`]
    expect(await release({ cacheFrom, cacheTo })).toHaveLength(2)
    expect(await allowed()).toEqual([`--allow=fs.read=${folder}`, `--allow=fs.write=${folder}`])
    expect(existsSync(folder)).toBe(true)
  })

  it('goes without a cache that it only reads and that is not there', async () => {
    const there = world.docker.path('home/there')
    await mkdir(there)
    const missing = world.docker.path('home/missing')
    const cacheFrom = [`type=local,src=${there}`, `type=local,src=${missing}`]
    expect(await release({ cacheFrom })).toHaveLength(2)
    expect(await allowed()).toEqual([`--allow=fs.read=${there}`])
    expect(existsSync(missing)).toBe(false)
    expect(world.ports.report.details).toContain(
      `the cache in ${missing} is not there yet, and is not read`,
    )
  })

  it('asks nothing for a cache in the workspace, and puts no folder there', async () => {
    const cacheFrom = ['type=local,src=.cache']
    const cacheTo = ['type=local,dest=.cache,ignore-error=true']
    expect(await release({ cacheFrom, cacheTo })).toHaveLength(2)
    expect(await allowed()).toEqual([])
    expect(existsSync(world.docker.path('workspace/.cache'))).toBe(false)
    expect(await world.built()).toMatchObject({
      target: { web: { 'cache-from': cacheFrom, 'cache-to': cacheTo } },
    })
  })

  it('is built by a buildx that knows no such leave', async () => {
    await world.play({ buildxVersion: '0.13.1+ds1-3' })
    expect(await release({ secrets })).toHaveLength(2)
    expect(await allowed()).toEqual([])
  })

  it('asks for the release of buildx once, and not without need', async () => {
    const environment = { ACTIONS_RUNTIME_TOKEN: 'token', ACTIONS_CACHE_SERVICE_V2: 'true' }
    const versions = async () =>
      (await world.docker.calls()).filter(({ argv }) => argv[1] === 'version').length
    await release({})
    expect(await versions()).toBe(0)
    await release({ secrets, cacheFrom: ['type=gha'] }, buildPorts(world.docker, { environment }))
    expect(await versions()).toBe(1)
  })

  it('gives a wish of the bake file no leave', async () => {
    const outside = world.docker.path('home/outside')
    await mkdir(outside)
    await symlink(outside, world.docker.path('workspace/linked'))
    const web = { ...printed.target.web, contexts: { c: 'linked' } }
    await world.play({ bake: { ...printed, target: { ...printed.target, web } } })
    await expect(release({ secrets })).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('additional privileges requested'),
    })
    expect(await allowed()).toHaveLength(1)
  })
})
