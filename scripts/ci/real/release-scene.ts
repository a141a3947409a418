import { containerBuilder, makeBuilderImage } from './builder-image.ts'
import { docker } from './docker-objects.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/release'

/** A release by each driver that the versions of this world allow, whatever they are. */
export async function releaseScene(site: Site): Promise<void> {
  const { screen, stage, programs } = site
  screen.chapter('A release with the Docker and the buildx of this world')
  site.createRepository(repository)
  const image = await makeBuilderImage(stage, programs)
  await release(site, 'a builder in a container', containerBuilder(image))
  const endpoint = process.env['WORLD_BUILDKIT'] ?? ''
  await release(site, "the engine's BuildKit, as a remote builder", { driver: 'remote', endpoint })
  await releaseByEngine(site)
}

async function release(
  site: Site,
  by: string,
  inputs: Readonly<Record<string, string>>,
): Promise<void> {
  const { screen, stage } = site
  const commit = site.nextCommit()
  screen.progress(by)
  const { outputs } = await site.expect({ inputs: site.inputs(repository, inputs) }, 'pushed')
  if (outputs['outcome'] !== 'pushed') return
  const found = await readIndex(stage, `${registryOf(repository)}:sha-${commit}`)
  const platforms = platformsOf(found)
  screen.check(platforms === 'linux/amd64 linux/arm64', 'skopeo finds both platforms', platforms)
  screen.check(found.digest === outputs['digest'], 'and the digest that was told', found.digest)
}

/** Before 28 an engine pushes children under the tag, which an immutable one refuses. */
async function releaseByEngine(site: Site): Promise<void> {
  const { screen } = site
  const version = await docker(['version', '--format={{.Server.Version}}'])
  if (Number.parseInt(version, 10) >= 28) {
    await release(site, "the engine's own builder", { driver: 'docker' })
    return
  }
  screen.progress("the engine's own builder, which is too old for several platforms")
  site.nextCommit()
  const inputs = site.inputs(repository, { driver: 'docker' })
  const { outputs, annotations } = await site.expect({ inputs }, 'refused')
  const code = outputs['error-code']
  screen.check(code === 'builder-unsuitable', 'nothing was built', annotations[0]?.message ?? code)
}
