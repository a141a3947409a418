import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { cachedFolder, cacheFolder, recipeHash } from './cache.ts'
import { runChild } from './child.ts'
import { foreignCpu, nativeCpu } from './cpu.ts'
import { debianMirror } from './mirror.ts'

/** The keyring that every Debian release's archive is checked against. */
export const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** What a world's root is made of. The name of its folder is the hash of this. */
export interface RootRecipe {
  /** The Debian release; see {@link releases}. */
  readonly suite: string
  readonly packages: readonly string[]
  /** Files that no package need bring, as dpkg's `path-exclude`; `includes` take some back. */
  readonly excludes: readonly string[]
  readonly includes: readonly string[]
}

/** What differs between the Debian releases that a world can be made of. */
interface Release {
  /** Later releases have dropped the old name of the statically linked emulators. */
  readonly emulator: 'qemu-user' | 'qemu-user-static'
  /** Its index expires after a week; a mirror that lags is no attack on a demo. */
  readonly expires: boolean
}

/**
 * bookworm is none: it has no buildx, the BuildKit of its Docker 20.10 exports no images, and its runc
 * 1.1.5 starts no privileged container on a kernel of today (6.18: `unable to apply caps`). sid has
 * forky's versions. All measured.
 */
const releases: Readonly<Record<string, Release>> = {
  // Docker 26.1, buildx 0.13.
  trixie: { emulator: 'qemu-user-static', expires: false },
  // Docker 28.5, buildx 0.29.
  forky: { emulator: 'qemu-user', expires: true },
}

/** The root that holds what the demo needs, for the release `suite`. */
export function rootRecipe(suite: string): RootRecipe {
  const engine = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd', 'runc']
  const network = ['ca-certificates', 'iproute2', 'mount']
  const readers = ['skopeo', 'docker-registry', 'git']
  // A builder's node may be at the other end of ssh.
  const remote = ['openssh-client', 'openssh-server']
  return {
    suite,
    packages: [...engine, ...network, ...readers, ...remote, releaseOf(suite).emulator],
    excludes: [
      '/usr/share/doc/*',
      '/usr/share/man/*',
      '/usr/share/locale/*',
      '/usr/lib/cni/*',
      '/usr/bin/qemu-*',
    ],
    includes: [`/usr/bin/qemu-${foreignCpu.qemu}`, `/usr/bin/qemu-${foreignCpu.qemu}-static`],
  }
}

function releaseOf(suite: string): Release {
  const release = releases[suite]
  if (release !== undefined) return release
  const known = Object.keys(releases).join(', ')
  throw new TypeError(`A world is made of one of ${known}, not of ${JSON.stringify(suite)}.`)
}

/**
 * The folder of a world made by `recipe`: `root` is Debian and is never written to again, `stage`
 * is where a world mounts what it writes. Made once (about 30 s, 0.6 GB); `onProgress` is told so.
 */
export async function ensureRoot(
  recipe: RootRecipe,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const path = join(cacheFolder(), `world-${recipeHash([recipe, nativeCpu.architecture])}`)
  return cachedFolder(path, async (folder) => {
    await ensureMmdebstrap(onProgress)
    const mirror = await debianMirror(signal)
    onProgress(
      `Making a private Debian ${recipe.suite} with Docker from ${mirror} (once, about half a minute) …`,
    )
    await runChild('setpriv', bootstrap(recipe, join(folder, 'root'), mirror), {
      ...(signal && { signal }),
      onErrorLine: (line) => {
        if (line.startsWith('I: ')) onProgress(`  ${line.slice('I: '.length)}`)
      },
    })
    await mkdir(join(folder, 'stage'))
    onProgress(`Kept for the next run in ${path}`)
  })
}

/** Not to be interrupted: a package half installed would be the machine's own trouble. */
async function ensureMmdebstrap(onProgress: (line: string) => void): Promise<void> {
  if (spawnSync('mmdebstrap', ['--version'], { stdio: 'ignore' }).status === 0) return
  onProgress('Installing the package mmdebstrap …')
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await runChild('apt-get', ['update'], options)
  await runChild('apt-get', ['install', '--yes', '--no-install-recommends', 'mmdebstrap'], options)
}

function bootstrap(recipe: RootRecipe, target: string, mirror: string): string[] {
  const { suite, packages, excludes, includes } = recipe
  const source = `deb [signed-by=${debianKeyring}] ${mirror} ${suite} main`
  return [
    // It ends with this process, in whatever way that ends, and so does all that it started and
    // mounted: its processes and mounts are in namespaces of their own.
    ...['--pdeathsig', 'KILL', 'unshare', '-m', '-p', '--fork', '--kill-child', '--mount-proc'],
    ...['--propagation', 'private', 'mmdebstrap', '--mode=root', '--variant=apt'],
    '--aptopt=APT::Install-Recommends "false"',
    ...(releaseOf(suite).expires ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : []),
    ...excludes.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    ...includes.map((pattern) => `--dpkgopt=path-include=${pattern}`),
    `--include=${packages.join(',')}`,
    ...[suite, target, source],
  ]
}
