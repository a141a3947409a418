import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'

import { BuildkitDaemon } from '../buildkit-daemon.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/cached'
const platforms = ['linux/amd64', 'linux/arm64']

/** A cache in a repository of ECR, written by one builder and read by another that knows nothing. */
export async function cacheScene(site: Site): Promise<void> {
  const { screen } = site
  site.createRepository(repository)
  screen.chapter('cache: registry, from one builder to a fresh one')
  const fromOne = await betweenBuilders(site, { cache: 'real/cache', nodes: [platforms] })
  screen.chapter('cache: registry, from two nodes to two fresh ones')
  const nodes = platforms.map((platform) => [platform])
  const fromTwo = await betweenBuilders(site, { cache: 'real/cache-of-nodes', nodes })
  screen.check(fromTwo === fromOne, 'no node has lost what the other one wrote', fromTwo)
}

/** A builder, by what each of its nodes builds, and the repository of its cache. */
interface Cached {
  readonly cache: string
  readonly nodes: readonly (readonly string[])[]
}

/** @returns how many steps the second builder took from the cache of the first, `6 of 12`. */
async function betweenBuilders(site: Site, cached: Cached): Promise<string> {
  const { screen, stage } = site
  site.createRepository(cached.cache, 'MUTABLE')
  site.nextCommit()
  const first = await build(site, cached)
  screen.check(first === '0 of 12', 'the first builder did every step', first)
  const tags = [...stage.simulator.ecr.registry.repository(cached.cache).tags.keys()]
  const written = tags.filter((tag) => tag.startsWith('cache-main-')).length
  const wanted = cached.nodes.length
  screen.check(written === wanted, `it wrote a cache for each of ${String(wanted)}`, tags.join(' '))
  for (const tag of tags) {
    const cache = await readIndex(stage, `${registryOf(cached.cache)}:${tag}`)
    screen.check(cache.entries.length === 0, 'as an image manifest, as ECR takes it')
  }
  site.nextCommit()
  const second = await build(site, cached)
  screen.check(Number.parseInt(second, 10) > 0, 'a fresh builder takes steps from it', second)
  const image = await readIndex(stage, `${registryOf(repository)}:sha-${site.workspace.commit}`)
  screen.check(platformsOf(image) === platforms.join(' '), 'and pushes both platforms')
  return second
}

/** @returns how many steps came from a cache, `6 of 12`, as the action counts them. */
async function build(site: Site, { cache, nodes }: Cached): Promise<string> {
  const { screen, stage, programs } = site
  const daemons: BuildkitDaemon[] = []
  try {
    for (const [index, platforms] of nodes.entries()) {
      const directory = mkdtempSync(join(stage.directory, 'cache-'))
      const options = { programs, directory, port: 12_360 + index, platforms }
      daemons.push(await BuildkitDaemon.start(options))
    }
    const [endpoint = '', ...others] = daemons.map(({ address }) => address)
    const append = others
      .map((address, index) => ({ address, platforms: nodes[index + 1] ?? [] }))
      .map((node) => `- endpoint: ${node.address}\n  platforms: ${node.platforms.join()}\n`)
      .join('')
    const inputs = site.inputs(repository, {
      ...{ driver: 'remote', endpoint, ...(append !== '' && { append }) },
      ...{ cache: 'registry', 'cache-repository': cache },
    })
    const { log } = await site.expect({ inputs }, 'pushed')
    const records = await Promise.all(daemons.map((daemon) => daemon.records()))
    const all = records.every((count) => count > 0)
    screen.check(all, 'every node built', `${records.join(' and ')} records`)
    const told = log.map((line) => /^(\d+ of \d+) build steps came from a cache/.exec(line)?.[1])
    return told.find((share) => share !== undefined) ?? 'not told'
  } finally {
    for (const daemon of daemons) await daemon.stop()
  }
}
