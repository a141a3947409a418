// Runs a command in a private Docker world.
// Usage: node scripts/node24.mjs scripts/world/enter.ts [--suite NAME] -- command [arguments]
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { leaseKernel } from './kernel-lease.ts'
import { namespaces, worldNeeds } from './needs.ts'
import { ensureRoot, rootRecipe } from './root.ts'
import type { WorldSetting } from './setting.ts'

const here = dirname(fileURLToPath(import.meta.url))
const project = dirname(dirname(here))
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A command and the world it is to run in. */
export interface WorldEntry {
  /** The program and its arguments, found in the world's own PATH; it runs in the project's folder. */
  readonly command: readonly string[]
  /** Variables for the command besides those that the world sets itself (see {@link enterWorld}). */
  readonly environment?: Readonly<Record<string, string>>
  /** Folders of the host that the command sees, writable, at the same path. The project is one. */
  readonly folders?: readonly string[]
  /**
   * Names and their addresses in the world, where every address of 127.0.0.0/8 exists:
   * `{ '123456789012.dkr.ecr.us-east-1.amazonaws.com': '127.0.0.77' }`. They are there before
   * Docker starts, since it remembers for seconds what a name did not lead to.
   */
  readonly hosts?: Readonly<Record<string, string>>
  /** The Debian release of the root: `trixie` unless told. */
  readonly suite?: string
  /** What is told while the root is made. stderr unless told. */
  readonly onProgress?: (line: string) => void
}

/**
 * Runs a command on a Docker machine of its own, with a network, processes and mounts of its own,
 * and resolves to its exit code, 128 + n if a signal ended it. The command finds `node` (24), `git`,
 * `skopeo`, `docker-registry`, DOCKER_HOST and, in WORLD_BUILDKIT, the `tcp://` address of BuildKit
 * for `docker buildx create --driver remote`; WORLD_CGROUP is the control group for what it runs in
 * containers, taken away at the end. SIGINT, SIGTERM and SIGHUP reach the command alone.
 * When it ends, or this process does, in whatever way, everything in the world ends with it.
 */
export async function enterWorld(entry: WorldEntry): Promise<number> {
  const missing = worldNeeds()
  if (missing !== undefined) throw new Error(missing)
  const told = new SignalRelay()
  try {
    const onProgress = entry.onProgress ?? ((line) => process.stderr.write(`${line}\n`))
    const world = await ensureRoot(rootRecipe(entry.suite ?? 'trixie'), onProgress, told.aborted)
    const name = `steadyship-${process.pid}`
    const lease = await leaseKernel(join(world, 'root'), name)
    try {
      return await runInside(world, name, entry, told)
    } finally {
      await lease.release()
    }
  } catch (error) {
    if (told.first === undefined) throw error
    return 128 + constants.signals[told.first]
  } finally {
    told.close()
  }
}

async function runInside(
  world: string,
  name: string,
  entry: WorldEntry,
  told: SignalRelay,
): Promise<number> {
  const folders = [...new Set([project, ...(entry.folders ?? [])])]
  const setting: WorldSetting = { cgroup: name, cwd: project, hosts: entry.hosts ?? {} }
  const child = spawn(
    'unshare',
    [
      ...[...namespaces, '--propagation', 'private', '--'],
      ...['sh', join(here, 'enter.sh'), world, nodeProgram(), String(folders.length), ...folders],
      ...[join(here, 'inside.ts'), JSON.stringify(setting), ...entry.command],
    ],
    {
      // A group of its own: Ctrl-C reaches this process, which passes it on to the command alone.
      detached: true,
      env: { ...worldEnvironment(), ...entry.environment },
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    },
  )
  told.passTo(leash(child))
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

/** The pipe whose lines are signals, and whose end tells the world that its owner is gone. */
function leash(child: ChildProcess): Writable {
  const pipe = child.stdio[3]
  if (pipe && 'write' in pipe) return pipe.on('error', () => undefined)
  throw new Error('The world was started without its control pipe.')
}

/** The packaged Node runs on any Linux; the running one may need libraries of the host's. */
function nodeProgram(): string {
  const packaged = join(project, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  return existsSync(packaged) ? packaged : process.execPath
}

function worldEnvironment(): Record<string, string> {
  const passedOn = ['CI', 'TERM', 'COLUMNS', 'NO_COLOR', 'FORCE_COLOR']
  const inherited = passedOn.flatMap((variable): [string, string][] => {
    const value = process.env[variable]
    return value === undefined ? [] : [[variable, value]]
  })
  return {
    ...Object.fromEntries(inherited),
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
  }
}

/** Keeps this process alive under a signal, and passes the signal on to who can end in order. */
class SignalRelay {
  /** The first signal that came. */
  first: NodeJS.Signals | undefined
  readonly #stop = new AbortController()
  #target: Writable | undefined
  readonly #receive = (signal: NodeJS.Signals): void => {
    this.first ??= signal
    this.#stop.abort()
    this.#target?.write(`${signal}\n`)
  }

  constructor() {
    for (const signal of signals) process.on(signal, this.#receive)
  }

  /** Aborts with the first signal. */
  get aborted(): AbortSignal {
    return this.#stop.signal
  }

  /** From now on, and for a signal that came already, `target` gets the name as a line. */
  passTo(target: Writable): void {
    this.#target = target
    if (this.first !== undefined) target.write(`${this.first}\n`)
  }

  close(): void {
    for (const signal of signals) process.off(signal, this.#receive)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    options: { suite: { type: 'string' } },
    allowPositionals: true,
  })
  if (positionals.length === 0) {
    process.stderr.write('Usage: enter.ts [--suite NAME] -- command [arguments]\n')
    process.exit(2)
  }
  process.exitCode = await enterWorld({ command: positionals, ...values })
}
