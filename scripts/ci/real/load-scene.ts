import { isObject } from '../../../simulator/wire/json.ts'
import { accountId } from '../../demo/stage.ts'
import { docker } from './docker-objects.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/loaded'

/** `load`: the image is in the job's engine, too; of a pull request there alone. */
export async function loadScene(site: Site): Promise<void> {
  const { screen } = site
  screen.chapter('load: into the registry and the engine')
  site.createRepository(repository)
  const endpoint = process.env['WORLD_BUILDKIT'] ?? ''
  await loadAndPush(site, { driver: 'remote', endpoint })
  screen.progress("by the engine's own builder")
  await loadByEngine(site)
  screen.progress('not pushed')
  await loadAlone(site, { driver: 'remote', endpoint })
  screen.progress("not pushed, by the engine's own builder")
  await loadAlone(site, { driver: 'docker', platforms: 'linux/amd64' })
}

/** Before 28 an engine pushes the parts of an index under its tag; a lone manifest it pushes once. */
async function loadByEngine(site: Site): Promise<void> {
  const { screen } = site
  const inputs = { driver: 'docker', platforms: 'linux/amd64' }
  const version = await docker(['version', '--format={{.Server.Version}}'])
  if (Number.parseInt(version, 10) >= 28) {
    await loadAndPush(site, inputs)
    return
  }
  site.nextCommit()
  const refused = site.inputs(repository, { ...inputs, load: 'true' })
  const { outputs, annotations } = await site.expect({ inputs: refused }, 'refused')
  const code = outputs['error-code']
  screen.check(code === 'builder-unsuitable', 'nothing was built', annotations[0]?.message ?? code)
  await loadAndPush(site, { ...inputs, provenance: 'false' }, '')
}

async function loadAlone(site: Site, given: Readonly<Record<string, string>>): Promise<void> {
  const { screen, stage } = site
  stage.simulator.requests.clear()
  const commit = site.nextCommit()
  const inputs = { ...given, load: 'true', push: 'false', registries: accountId }
  await site.expect({ inputs: site.inputs(repository, inputs) }, 'built')
  await checkLoaded(site, `${repository}:sha-${commit}`)
  const pushed = stage.simulator.requests.list('registry', 'PutImage').length
  screen.check(pushed === 0, 'nothing was pushed')
}

async function loadAndPush(
  site: Site,
  inputs: Readonly<Record<string, string>>,
  wanted = inputs['platforms'] ?? 'linux/amd64 linux/arm64',
): Promise<void> {
  const { screen, stage } = site
  const commit = site.nextCommit()
  stage.simulator.requests.clear()
  const step = { inputs: site.inputs(repository, { ...inputs, load: 'true' }) }
  const { outputs } = await site.expect(step, 'pushed')
  if (outputs['outcome'] !== 'pushed') return
  const name = `${registryOf(repository)}:sha-${commit}`
  const found = await readIndex(stage, name)
  const platforms = platformsOf(found)
  screen.check(platforms === wanted, 'skopeo finds every platform', platforms)
  screen.check(found.digest === outputs['digest'], 'and the digest that was told', found.digest)
  const puts = stage.simulator.requests
    .list('registry', 'PutImage')
    .filter(({ input }) => isObject(input) && input['reference'] === `sha-${commit}`).length
  screen.check(puts === 1, 'its tag was put once', `${String(puts)} times`)
  await checkLoaded(site, name)
}

/** It is there without a pull, and runs. */
async function checkLoaded({ screen }: Site, name: string): Promise<void> {
  const argv = ['run', '--rm', '--pull=never', '--entrypoint=/bin/sh', name, '-c', 'uname -m']
  const said = await docker(argv).catch((error: unknown) => String(error))
  screen.check(/^(x86_64|aarch64)$/.test(said), 'the engine runs it without a pull', said)
  await docker(['image', 'rm', '--force', name])
}
