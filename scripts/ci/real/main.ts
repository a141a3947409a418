// node scripts/node24.mjs scripts/ci/real/main.ts --programs FOLDER [--suite NAME]
//   [--buildx current|suite] [--store simulator|distribution] [--scenes NAME,…] [--action FOLDER]
// The action with real builders in a private world. FOLDER is what tools.sh prints. `current` is
// FOLDER's buildx, `suite` the Debian release's own. `distribution` has Debian's docker-registry keep
// what the simulator's ECR front takes. --action names another folder of the action than this checkout.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { Screen } from '../../demo/screen.ts'
import { ecrHost, registryAddress, Stage } from '../../demo/stage.ts'
import { ensureBaseImage } from '../../world/base-image.ts'
import { cacheFolder } from '../../world/cache.ts'
import { enterWorld } from '../../world/enter.ts'
import { worldNeeds } from '../../world/needs.ts'
import { docker } from './docker-objects.ts'
import { bakeScene } from './bake-scene.ts'
import { cacheScene } from './cache-scene.ts'
import { configurationScene } from './configuration-scene.ts'
import { containerScene } from './container-scene.ts'
import { copyScene, farHost } from './copy-scene.ts'
import { DistributionRegistry } from './distribution-registry.ts'
import { faultScene } from './fault-scene.ts'
import { legScene } from './leg-scene.ts'
import { loadScene } from './load-scene.ts'
import { nodeScene } from './node-scene.ts'
import { releaseScene } from './release-scene.ts'
import { storeScene } from './store-scene.ts'
import { Site } from './site.ts'

const scenes = {
  container: containerScene,
  legs: legScene,
  faults: faultScene,
  cache: cacheScene,
  copies: copyScene,
  load: loadScene,
  configuration: configurationScene,
  bake: bakeScene,
  release: releaseScene,
  nodes: nodeScene,
  store: storeScene,
} as const

const { values } = parseArgs({
  options: {
    programs: { type: 'string' },
    suite: { type: 'string', default: 'trixie' },
    buildx: { type: 'string', default: 'current' },
    store: { type: 'string', default: 'distribution' },
    scenes: { type: 'string', default: Object.keys(scenes).join(',') },
    action: { type: 'string', default: join(import.meta.dirname, '..', '..', '..') },
    /** Given by this program to itself, inside a private world. */
    'base-image': { type: 'string' },
  },
})
const { programs, 'base-image': baseImage } = values
if (programs === undefined) throw new TypeError('--programs names no folder')
if (values.store !== 'distribution' && values.scenes.includes('store')) {
  throw new TypeError('the scene store is of --store distribution')
}
const wanted = Object.entries(scenes).filter(([name]) => values.scenes.split(',').includes(name))

process.exitCode =
  baseImage !== undefined && existsSync('/run/world')
    ? await play(programs, baseImage)
    : await enter()

async function enter(): Promise<number> {
  const missing = worldNeeds()
  if (missing !== undefined) {
    process.stdout.write(`left out: real builders: ${missing}\n`)
    // As scripts/ci/left-out.sh has it.
    return process.env['GITHUB_ACTIONS'] === undefined ? 0 : 1
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const script = 'scripts/ci/real/main.ts'
  return enterWorld({
    command: ['node', script, '--base-image', await ensureBaseImage(say), ...process.argv.slice(2)],
    folders: [cacheFolder(), values.action],
    hosts: { [ecrHost]: registryAddress, [farHost]: registryAddress },
    suite: values.suite,
    onProgress: say,
  })
}

async function play(folder: string, layout: string): Promise<number> {
  if (values.buildx === 'current') installBuildx(folder)
  const screen = new Screen(true)
  const engine = await docker(['version', '--format={{.Server.Version}}'])
  const buildx = await docker(['buildx', 'version'])
  screen.progress(`Docker ${engine} of Debian ${values.suite}, ${buildx}`)
  const blobs = values.store === 'distribution' ? await DistributionRegistry.start() : undefined
  if (blobs !== undefined) screen.progress("Debian's docker-registry keeps what ECR's front takes")
  const setting = {
    ...{ baseImage: layout, world: true, furtherHosts: [farHost], clusters: [] },
    ...(blobs && { blobs }),
  }
  const stage = await Stage.open(setting)
  try {
    const site = new Site(stage, screen, { programs: folder, action: values.action })
    for (const [, scene] of wanted) await scene(site)
  } finally {
    await stage.close()
  }
  return screen.conclude() ? 0 : 1
}

/** In front of the release's own; the world's root is a copy that is gone with it. */
function installBuildx(folder: string): void {
  const plugins = '/usr/local/lib/docker/cli-plugins'
  mkdirSync(plugins, { recursive: true })
  symlinkSync(`${folder}/buildx`, `${plugins}/docker-buildx`)
}
