import { join } from 'node:path'

import { BuildkitDaemon } from '../buildkit-daemon.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/cached'
const cacheRepository = 'real/cache'

/** A cache in a repository of ECR, written by one daemon and read by another that knows nothing. */
export async function cacheScene(site: Site): Promise<void> {
  const { screen, stage } = site
  screen.chapter('cache: registry, from one builder to a fresh one')
  site.createRepository(repository)
  site.createRepository(cacheRepository, 'MUTABLE')
  const first = await build(site, 0)
  screen.check(first === '0 of 12', 'the first builder did every step', first)
  const [tag = 'none', ...others] = tagsOf(site)
  screen.check(others.length === 0 && tag.startsWith('cache-main-'), 'one cache is written', tag)
  const cache = await readIndex(stage, `${registryOf(cacheRepository)}:${tag}`)
  screen.check(cache.entries.length === 0, 'as an image manifest, as ECR takes it')
  site.nextCommit()
  const second = await build(site, 1)
  const [cached = 0] = second.split(' ').map(Number)
  screen.check(cached > 0, 'a fresh builder takes steps from it', second)
  const image = await readIndex(stage, `${registryOf(repository)}:sha-${site.workspace.commit}`)
  screen.check(platformsOf(image) === 'linux/amd64 linux/arm64', 'and pushes both platforms')
}

/** @returns how many steps came from a cache, `6 of 12`, as the action counts them. */
async function build(site: Site, index: number): Promise<string> {
  const { stage, programs } = site
  const daemon = await BuildkitDaemon.start({
    programs,
    directory: join(stage.directory, `cache-${String(index)}`),
    port: 12_360 + index,
    platforms: ['linux/amd64', 'linux/arm64'],
  })
  try {
    const inputs = site.inputs(repository, {
      ...{ driver: 'remote', endpoint: daemon.address },
      ...{ cache: 'registry', 'cache-repository': cacheRepository },
    })
    const { log } = await site.expect({ inputs }, 'pushed')
    const told = log.map((line) => /^(\d+ of \d+) build steps came from a cache/.exec(line)?.[1])
    return told.find((share) => share !== undefined) ?? 'not told'
  } finally {
    await daemon.stop()
  }
}

function tagsOf({ stage }: Site): readonly string[] {
  return [...stage.simulator.ecr.registry.repository(cacheRepository).tags.keys()]
}
