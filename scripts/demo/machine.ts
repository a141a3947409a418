import { existsSync } from 'node:fs'

import { ensureBaseImage } from '../world/base-image.ts'
import { cacheFolder } from '../world/cache.ts'
import { isDebian } from '../world/debian.ts'
import { findDockerEngine, type DockerEngine } from '../world/engine.ts'
import { enterWorld } from '../world/enter.ts'
import { serveGrpcProxy } from '../world/grpc-proxy.ts'
import { worldNeeds } from '../world/needs.ts'
import { ecrHost, registryAddress } from './stage.ts'

/** A machine with Docker. WORLD_BUILDKIT names its BuildKit. */
export interface Machine {
  /** OCI layout of the base image for both CPUs; undefined: a public registry's is used. */
  readonly baseImage: string | undefined
  /** Whether it is a private world. */
  readonly world: boolean
}

/** A program that wants a machine with Docker. */
export interface Errand {
  /** The program itself, from the project's folder: inside a private world it is started again. */
  readonly script: string
  /** Its arguments for that start. It gets `--base-image` besides. */
  readonly argv: readonly string[]
  /** The value of `--base-image`, which tells that this is the start inside the world. */
  readonly baseImage: string | undefined
  /** What is to be done there. @returns the exit code. */
  readonly perform: (machine: Machine) => Promise<number>
}

/**
 * Does an errand with the Docker engine of this machine where one runs, else in a private world.
 * @returns the exit code; 1, with one line that says why, where neither can be had.
 */
export async function onMachine(errand: Errand): Promise<number> {
  const { baseImage, perform } = errand
  if (baseImage !== undefined && existsSync('/run/world')) {
    return perform({ baseImage, world: true })
  }
  const engine = await findDockerEngine()
  const unfit = engine === undefined ? 'no Docker engine runs here' : whyUnfit(engine)
  if (engine !== undefined && unfit === undefined) {
    say(`Using the Docker engine ${engine.serverVersion} of this machine.`)
    process.env['WORLD_BUILDKIT'] ??= await serveGrpcProxy(dockerSocket())
    return perform({ baseImage: isDebian() ? await ensureBaseImage(say) : undefined, world: false })
  }
  const missing = worldNeeds()
  if (missing !== undefined) {
    say(`There is no machine to play on: ${unfit ?? ''}; and ${missing}`)
    return 1
  }
  say(`A private Docker machine is made, which leaves nothing behind: ${unfit ?? ''}.`)
  return performInWorld(errand)
}

/** Why an engine that runs will not do: both CPUs must be built and run. */
function whyUnfit({ platforms }: DockerEngine): string | undefined {
  const absent = ['linux/amd64', 'linux/arm64'].filter((platform) => !platforms.includes(platform))
  if (absent.length === 0) return undefined
  return `the Docker engine of this machine has no emulation for ${absent.join(' and ')} (install qemu-user-static)`
}

async function performInWorld({ script, argv }: Errand): Promise<number> {
  return enterWorld({
    command: ['node', script, '--base-image', await ensureBaseImage(say), ...argv],
    folders: [cacheFolder()],
    hosts: { [ecrHost]: registryAddress },
    onProgress: say,
  })
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** The engine's socket, for the proxy that makes its BuildKit a remote builder. */
function dockerSocket(): string {
  return (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '')
}
