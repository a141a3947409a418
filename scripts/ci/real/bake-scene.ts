import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { region, roleArn } from '../../demo/stage.ts'
import { Workspace } from '../../demo/workspace.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const targets = ['web', 'worker'] as const
const secret = 'a word that no image holds'

/**
 * Both images of the example's compose.yaml in one call. One of them needs a secret of the inputs, and
 * their cache is in a folder: for both, buildx since 0.20 wants leave.
 */
export async function bakeScene(site: Site): Promise<void> {
  const { screen, stage } = site
  screen.chapter('bake-files: two images of one compose.yaml, with a secret and a local cache')
  for (const target of targets) site.createRepository(`sample/${target}`)
  const directory = join(stage.directory, 'compose')
  mkdirSync(directory)
  const workspace = new Workspace(directory, 'compose')
  needSecret(workspace)
  const cache = join(stage.directory, 'bake-cache', 'of-both')
  const inputs = {
    ...{ 'role-to-assume': roleArn, 'aws-region': region },
    'bake-files': 'compose.yaml',
    secrets: `word=${secret}`,
    'cache-from': `type=local,src=${cache}`,
    'cache-to': `type=local,dest=${cache}`,
    ...{ driver: 'remote', endpoint: process.env['WORLD_BUILDKIT'] ?? '' },
  }
  const step = { inputs, workspace, environment: { BASE: stage.base } }
  const { outputs, log } = await site.expect(step, 'pushed')
  // The runner itself shows what is written out in `with:`, before the action can mask it.
  const shown = log.filter((line) => line.includes(secret) && !line.includes('secrets: word='))
  screen.check(
    shown.length === 0,
    'nothing that the action or buildx says shows the secret',
    shown[0],
  )
  const images = outputs['images'] ?? '{}'
  for (const target of targets) await checkImage(site, target, workspace.commit, images)
}

/** Its step fails where the secret is another one, or not there. */
function needSecret(workspace: Workspace): void {
  const dockerfile = readFileSync(join(workspace.directory, 'worker', 'Dockerfile'), 'utf8')
  const hash = createHash('sha256').update(secret).digest('hex')
  const mount = '--mount=type=secret,id=word,required=true'
  const step = `RUN ${mount} sha256sum /run/secrets/word | grep -q ${hash}`
  const words = dockerfile.replace(/^USER /m, `${step}\nUSER `)
  workspace.add('worker', { Dockerfile: words })
}

async function checkImage(
  { screen, stage }: Site,
  target: string,
  commit: string,
  images: string,
): Promise<void> {
  const found = await readIndex(stage, `${registryOf(`sample/${target}`)}:${commit}`)
  const platforms = platformsOf(found)
  screen.check(platforms === 'linux/amd64 linux/arm64', `${target} has both platforms`, platforms)
  const told = images.includes(`"${target}":"${found.digest}"`)
  screen.check(told, 'and the digest that was told', found.digest)
}
