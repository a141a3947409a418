import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

import { isDebian } from './debian.ts'

/** The namespaces of a world, as options of `unshare`: mount, network, process, host name, IPC. */
export const namespaces: readonly string[] = [
  '-m',
  '-n',
  '-p',
  '-u',
  '-i',
  '--fork',
  '--kill-child',
]

/** One condition of a world: what to say when it does not hold. */
interface Condition {
  readonly holds: () => boolean
  readonly otherwise: string
}

const succeeds = (program: string, ...arguments_: string[]): boolean =>
  spawnSync(program, arguments_, { stdio: 'ignore' }).status === 0

const conditions: readonly Condition[] = [
  { holds: () => process.platform === 'linux', otherwise: 'it is not Linux' },
  {
    holds: () => process.arch === 'x64' || process.arch === 'arm64',
    otherwise: `its CPU is ${process.arch}, and a world is made for x64 and arm64`,
  },
  { holds: () => process.getuid?.() === 0, otherwise: 'this is not a root shell' },
  {
    holds: () => isDebian() && succeeds('apt-get', '--version'),
    otherwise: 'it is not Debian',
  },
  {
    holds: () => existsSync('/usr/share/keyrings/debian-archive-keyring.gpg'),
    otherwise: 'the package debian-archive-keyring is missing',
  },
  {
    holds: () => succeeds('unshare', ...namespaces, '--propagation', 'private', 'true'),
    otherwise: 'its kernel or its container refuses new namespaces (unshare)',
  },
  {
    holds: () =>
      succeeds(
        'unshare',
        '-m',
        '--propagation',
        'private',
        'mount',
        '-t',
        'tmpfs',
        'probe',
        '/mnt',
      ),
    otherwise: 'its kernel or its container refuses to mount',
  },
]

/**
 * Says in one line why this machine cannot make a private world, or `undefined` when it can.
 * It changes nothing: the probes end with the namespaces they were made in.
 */
export function worldNeeds(): string | undefined {
  const unmet = conditions.find((condition) => !condition.holds())
  return unmet && `This machine cannot make a private Docker world: ${unmet.otherwise}.`
}
