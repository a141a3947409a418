import { join } from 'node:path'

import type { ActionRun } from '../../../simulator/github/runner/action-run.ts'
import { BuildkitDaemon } from '../buildkit-daemon.ts'
import { imagesOf, platformsOf, readIndex, type ImageIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/legs'
const platforms = ['linux/amd64', 'linux/arm64'] as const

/** Two legs by daemons that can build one platform each, and the merge of what they pushed. */
export async function legScene(site: Site): Promise<void> {
  const { screen, stage, programs } = site
  screen.chapter('mode: build on two builders, then mode: merge')
  site.createRepository(repository)
  const digests: string[] = []
  for (const [index, platform] of platforms.entries()) {
    const directory = join(stage.directory, `leg-${String(index)}`)
    const daemon = await BuildkitDaemon.start({
      programs,
      directory,
      port: 12_350 + index,
      platforms: [platform],
    })
    try {
      const inputs = { mode: 'build', platforms: platform, driver: 'remote' }
      const step = { inputs: site.inputs(repository, { ...inputs, endpoint: daemon.address }) }
      const { outputs } = await site.expect(step, 'pushed')
      digests.push(outputs['digest'] ?? 'none')
    } finally {
      await daemon.stop()
    }
  }
  const legs = await Promise.all(digests.map((digest) => read(site, `@${digest}`)))
  checkUntagged(site)
  const first = await merge(site, digests, 'pushed')
  await checkMerged(site, first, legs)
  const second = await merge(site, digests.toReversed(), 'already-pushed')
  const same = second.outputs['digest'] === first.outputs['digest']
  screen.check(same, 'merged again, in the other order, it is the same digest')
}

async function merge(site: Site, digests: readonly string[], outcome: string): Promise<ActionRun> {
  const inputs = {
    ...site.target(repository),
    mode: 'merge',
    platforms: platforms.join(),
    digests: digests.join('\n'),
    annotations: 'index:org.example.team=platform',
  }
  return site.expect({ inputs }, outcome)
}

function checkUntagged({ stage, screen }: Site): void {
  const { tags } = stage.simulator.ecr.registry.repository(repository)

  screen.check(tags.size === 0, 'a leg tags nothing', [...tags.keys()].join(', '))
}

async function checkMerged(
  site: Site,
  { outputs }: ActionRun,
  legs: readonly ImageIndex[],
): Promise<void> {
  const { screen, workspace } = site
  const merged = await read(site, `:sha-${workspace.commit}`)
  const found = platformsOf(merged)
  screen.check(found === platforms.join(' '), 'skopeo finds both platforms', found)
  screen.check(merged.digest === outputs['digest'], 'and the digest that was told', merged.digest)
  const built = legs.flatMap((leg) => leg.entries.map(({ digest }) => digest)).toSorted()
  const joined = merged.entries.map(({ digest }) => digest).toSorted()
  screen.check(built.join() === joined.join(), 'its manifests are those of the legs, byte for byte')
  const images = imagesOf(merged).map(({ digest }) => digest)
  const attested = merged.entries.flatMap(
    ({ annotations }) => annotations['vnd.docker.reference.digest'] ?? [],
  )
  const all = images.every((digest) => attested.includes(digest))
  screen.check(all && attested.length === 2, 'each image has its attestation')
  const team = merged.annotations['org.example.team']
  screen.check(team === 'platform', 'the index has the annotation that was given', team)
  for (const { digest, platform } of imagesOf(merged)) {
    const { annotations } = await read(site, `@${digest}`)
    const revision = annotations['org.opencontainers.image.revision']
    screen.check(
      revision === workspace.commit,
      `the image of ${platform} names the commit`,
      revision,
    )
  }
}

const read = (site: Site, reference: string): Promise<ImageIndex> =>
  readIndex(site.stage, `${registryOf(repository)}${reference}`)
