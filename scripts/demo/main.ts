// npm run demo [-- --ci]: the whole pipeline for real, on this machine.
// --ci   asserts instead of telling; exit code 1 if anything does not hold
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { ensureBaseImage } from '../world/base-image.ts'
import { cacheFolder } from '../world/cache.ts'
import { findDockerEngine } from '../world/engine.ts'
import { enterWorld } from '../world/enter.ts'
import { serveGrpcProxy } from '../world/grpc-proxy.ts'
import { worldNeeds } from '../world/needs.ts'
import { Play } from './play.ts'
import { Screen } from './screen.ts'
import { ecrHost, registryAddress, Stage } from './stage.ts'

const { values } = parseArgs({
  options: {
    ci: { type: 'boolean', default: false },
    /** Given to the demo by itself, inside a private world. */
    'base-image': { type: 'string' },
  },
})
const say = (line: string): void => void process.stderr.write(`${line}\n`)

process.exitCode = await demonstrate()

async function demonstrate(): Promise<number> {
  if (!existsSync(join(import.meta.dirname, '..', '..', 'dist', 'index.js'))) {
    say('dist/ is missing: run `npm run package`.')
    return 1
  }
  const inWorld = existsSync('/run/world')
  if (inWorld && values['base-image'] !== undefined) return play(values['base-image'], true)
  const engine = await findDockerEngine()
  if (engine !== undefined) {
    say(`Using the Docker engine ${engine.serverVersion} of this machine.`)
    process.env['WORLD_BUILDKIT'] ??= await serveGrpcProxy(dockerSocket())
    return play(await ensureBaseImage(say), false)
  }
  const missing = worldNeeds()
  if (missing !== undefined) {
    say(`No Docker engine runs here, and a private one cannot be made: ${missing}`)
    return 1
  }
  return playInWorld()
}

async function playInWorld(): Promise<number> {
  say('No Docker engine runs here: making a private one that leaves nothing behind.')
  const baseImage = await ensureBaseImage(say)
  const argv = ['scripts/demo/main.ts', '--base-image', baseImage, ...(values.ci ? ['--ci'] : [])]
  return enterWorld({
    command: ['node', ...argv],
    folders: [cacheFolder()],
    hosts: { [ecrHost]: registryAddress },
    onProgress: say,
  })
}

async function play(baseImage: string, world: boolean): Promise<number> {
  const screen = new Screen(values.ci)
  const stage = await Stage.open({ baseImage, world })
  try {
    await new Play(stage, screen).perform()
  } finally {
    await stage.close()
  }
  const good = screen.conclude()
  screen.prose(
    '\nWhere to look next: examples/workflows for the three ways to use it, README.md for inputs and\n' +
      'outcomes, simulator/README.md for the AWS that was played here, docs/errors.md for what can go wrong.',
  )
  return good ? 0 : 1
}

/** The engine's socket, for the proxy that makes its BuildKit a remote builder. */
function dockerSocket(): string {
  return (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '')
}
