import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { askAll, describeTasks, isSteady, readImage } from './outside.ts'
import { Runner } from './performance.ts'
import type { Screen } from './screen.ts'
import { ecrHost, shopCluster, type Stage } from './stage.ts'
import { Workspace } from './workspace.ts'

/** The last scene: two images of one compose.yaml, in one call, to one service of two containers. */
export async function playShop(stage: Stage, screen: Screen): Promise<void> {
  screen.chapter('6 · Two images at once: compose.yaml')
  if (stage.registryHost !== ecrHost) {
    // CI plays the demo once more in a private world, where nothing of it is left out.
    screen.progress(
      'left out: compose.yaml names ECR, which has its true name in a private world alone',
    )
    return
  }
  screen.prose('One call of bake builds both; each container gets its own, and both are proven.\n')
  const directory = join(stage.directory, 'shop')
  mkdirSync(directory)
  const workspace = new Workspace(directory, 'compose')
  while (!(await isSteady(stage, shopCluster, 'shop'))) {
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  const { run, post, wallSeconds } = await new Runner(stage, workspace, screen).releaseShop()
  const { outcome, verified, image = '', images = '{}' } = run.outputs
  screen.check(outcome === 'deployed', 'the outcome is deployed', outcome)
  screen.check(verified === 'true', 'the running digests of both were proven')
  screen.check(image === '', 'no output means one of two images')
  screen.check(post?.exitCode === 0, 'the post step cleaned up', `${wallSeconds.toFixed(2)} s`)
  if (outcome !== 'deployed') screen.block(run.log.slice(-40).join('\n'))
  const told = digestsOf(images)
  for (const target of ['web', 'worker']) {
    const reference = `${ecrHost}/sample/${target}:${workspace.commit}`
    const found = await readImage(stage, reference)
    screen.check(found.digest === told[target], `skopeo finds ${target} as told`, found.digest)
  }
  await checkTasks(stage, screen, workspace.commit)
}

async function checkTasks(stage: Stage, screen: Screen, version: string): Promise<void> {
  const answers = await askAll(stage, shopCluster, 'shop')
  const right = answers.length === 1 && answers[0]?.version === version
  screen.check(right, 'web answers the version over HTTP', version.slice(0, 12))
  const tasks = await describeTasks(stage, shopCluster, 'shop')
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING')
  const digests = running.flatMap(({ containers }) => containers.map((each) => each.imageDigest))
  screen.check(
    digests.length === 2 && new Set(digests).size === 2,
    'the task runs two containers of two images',
  )
}

function digestsOf(images: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(images)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
