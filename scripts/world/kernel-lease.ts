import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { foreignCpu } from './cpu.ts'

/** Something borrowed from the kernel, to be given back once. */
export interface Lease {
  /** Settles when everything is given back. */
  release(): Promise<void>
}

/**
 * Lets the kernel run programs of the other CPU through the emulator in `root`, unless a handler
 * of the machine's own does so already, and takes `cgroup` and what is below it away at the end.
 * The lease is held by a process of its own, which gives back also when this one is killed.
 */
export async function leaseKernel(root: string, cgroup: string): Promise<Lease> {
  const { magic } = foreignCpu.elf
  const script = join(dirname(fileURLToPath(import.meta.url)), 'kernel-lease.sh')
  const keeper = spawn(
    'unshare',
    ['-m', '--propagation', 'private', 'sh', script, cgroup, magic, registration(cgroup, root)],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  )
  const ended = once(keeper, 'exit')
  const ready = new Promise<boolean>((resolve) => {
    createInterface(keeper.stdout).once('line', (line) => {
      resolve(line === 'ready')
    })
    keeper.once('error', () => {
      resolve(false)
    })
    keeper.once('exit', () => {
      resolve(false)
    })
  })
  if (!(await ready))
    throw new Error('The emulator of the other CPU cannot be registered (binfmt_misc).')
  return {
    release: async () => {
      keeper.stdin.end()
      await ended
    },
  }
}

/**
 * The line for binfmt_misc. F opens the emulator now, so that it serves in every namespace; P hands
 * over argv[0], by which BusyBox knows what it is to be; C keeps credentials, and implies O.
 */
function registration(name: string, root: string): string {
  const { magic, mask } = foreignCpu.elf
  return `:${name}:M::${escaped(magic)}:${escaped(mask)}:${emulator(root)}:POCF`
}

const escaped = (hex: string): string => hex.replace(/../g, '\\x$&')

function emulator(root: string): string {
  const names = [`qemu-${foreignCpu.qemu}-static`, `qemu-${foreignCpu.qemu}`]
  const path = names.map((name) => join(root, 'usr/bin', name)).find((name) => existsSync(name))
  if (path === undefined) throw new Error(`${root} holds no emulator: ${names.join(', ')}`)
  return realpathSync(path)
}
