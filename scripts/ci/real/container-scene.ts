import { once } from 'node:events'

import { builderContainers, builderVolumes } from './docker-objects.ts'
import { containerBuilder, makeBuilderImage } from './builder-image.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/container'

const slowDockerfile = `ARG BASE
FROM \${BASE}
RUN echo the build is under way && sleep 120
`

/** The docker-container driver: a builder that is booted, used, kept, and taken away. */
export async function containerScene(site: Site): Promise<void> {
  const { screen, stage, programs } = site
  screen.chapter('A docker-container builder: booted, used, kept, taken away')
  site.createRepository(repository)
  const image = await makeBuilderImage(stage, programs)
  const inputs = site.inputs(repository, containerBuilder(image))
  await buildAndRemove(site, inputs)
  await cancel(site, inputs)
  await keepAndReuse(site, { ...inputs, 'keep-builder': 'true' })
}

async function buildAndRemove(site: Site, inputs: Record<string, string>): Promise<void> {
  const { screen, stage } = site
  const { main, post } = await site.run({ inputs })
  site.checkOutcome(main, 'pushed')
  const [one, ...others] = await builderContainers()
  screen.check(one !== undefined && others.length === 0, 'one builder runs in the engine')
  const found = await readIndex(stage, `${registryOf(repository)}:sha-${site.workspace.commit}`)
  const platforms = platformsOf(found)
  screen.check(platforms === 'linux/amd64 linux/arm64', 'skopeo finds both platforms', platforms)
  const told = main.outputs['digest']
  screen.check(found.digest === told, 'and the digest that was told', told)
  await post()
  await checkGone(site, 'the post step took away the builder and its volume')
}

/** As the runner cancels: SIGINT to the action's process, then its post. */
async function cancel(site: Site, inputs: Record<string, string>): Promise<void> {
  site.workspace.add('.', { 'slow.Dockerfile': slowDockerfile })
  const cancellation = new AbortController()
  const started = new EventTarget()
  const building = once(started, 'building')
  const running = site.run({
    inputs: { ...inputs, file: 'slow.Dockerfile' },
    cancelled: cancellation.signal,
    onLine: (line) => {
      if (/^#\d+ [\d.]+ the build is under way/.test(line))
        started.dispatchEvent(new Event('building'))
    },
  })
  await Promise.race([building, running])
  const cancelledAtMs = performance.now()
  cancellation.abort()
  const { main, post } = await running
  const seconds = ((performance.now() - cancelledAtMs) / 1000).toFixed(1)
  site.checkOutcome(main, 'cancelled')
  site.screen.check(main.signalled === 'SIGINT', 'the action ended by itself', `${seconds} s`)
  await post()
  await checkGone(site, 'cancelled in a build, it leaves no builder and no volume')
}

async function keepAndReuse(site: Site, inputs: Record<string, string>): Promise<void> {
  const { screen } = site
  site.nextCommit()
  await site.expect({ inputs }, 'pushed')
  const kept = await builderContainers()
  screen.check(kept.length === 1, 'keep-builder: the builder is there after the post step')
  site.nextCommit()
  const second = await site.expect({ inputs }, 'pushed')
  const again = await builderContainers()
  screen.check(again.join() === kept.join(), 'the next run uses that very container')
  const share = second.log.find((line) => line.includes('build steps came from a cache'))
  screen.check(share !== undefined && !share.startsWith('0 '), 'and its cache', share)
}

async function checkGone({ screen }: Site, claim: string): Promise<void> {
  const left = [...(await builderContainers()), ...(await builderVolumes())]
  screen.check(left.length === 0, claim, left.join(', '))
}
