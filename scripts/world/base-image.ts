import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { cachedFolder, cacheFolder, recipeHash } from './cache.ts'
import { foreignCpu, nativeCpu } from './cpu.ts'
import type { Cpu } from './cpu.ts'
import { unpackDebianPackage } from './debian-package.ts'
import { writeImageLayout } from './image-layout.ts'
import { debianMirror } from './mirror.ts'

/** A change here makes every kept base image out of date. */
const revision = 1
const folders = [
  '.',
  'bin',
  'dev',
  'etc',
  'proc',
  'root',
  'sys',
  'tmp',
  'usr',
  'usr/bin',
  'usr/local',
  'usr/local/bin',
]
const accounts = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
}

/**
 * The folder of an OCI image layout with BusyBox, statically linked, for linux/amd64 and
 * linux/arm64, from Debian's package `busybox-static`: a base image that needs no registry.
 * Made once (about 10 s) and kept beside the world's root. Needs apt, and no root's rights.
 */
export async function ensureBaseImage(
  onProgress: (line: string) => void,
  signal?: AbortSignal,
  suite = 'trixie',
): Promise<string> {
  const path = join(cacheFolder(), `busybox-${recipeHash([revision, suite])}`)
  return cachedFolder(path, async (layout) => {
    onProgress(`Making a BusyBox base image for two CPUs from Debian ${suite} (once) …`)
    const mirror = await debianMirror(signal)
    const work = join(layout, 'work')
    const fetchBusybox = async ({ architecture }: Cpu): Promise<string> => {
      const wanted = { name: 'busybox-static', suite, architecture, mirror }
      return busyboxOf(await unpackDebianPackage(wanted, join(work, architecture), signal))
    }
    const native = await fetchBusybox(nativeCpu)
    const foreign = await fetchBusybox(foreignCpu)
    // Debian builds both CPUs with one configuration: the applets of one are those of the other.
    const applets = execFileSync(native, ['--list'], { encoding: 'utf8' }).trim().split('\n')
    const platforms = []
    for (const [cpu, busybox] of [
      [nativeCpu, native],
      [foreignCpu, foreign],
    ] as const) {
      const folder = join(work, `root-${cpu.architecture}`)
      await makeRoot(folder, busybox, applets)
      platforms.push({ architecture: cpu.architecture, folder })
    }
    // The same order, and so the same digest, whichever CPU makes it.
    platforms.sort((a, b) => a.architecture.localeCompare(b.architecture, 'en'))
    await writeImageLayout(layout, platforms)
    await rm(work, { recursive: true })
  })
}

function busyboxOf(unpacked: string): string {
  const candidates = ['usr/bin/busybox', 'bin/busybox'].map((path) => join(unpacked, path))
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) throw new Error('The package busybox-static holds no busybox.')
  return found
}

async function makeRoot(
  folder: string,
  busybox: string,
  applets: readonly string[],
): Promise<void> {
  // Modes are set one by one: what mkdir and writeFile give depends on the umask of who runs this.
  for (const path of folders) await mkdir(join(folder, path), { recursive: true })
  for (const path of folders) await chmod(join(folder, path), path === 'tmp' ? 0o1777 : 0o755)
  const bin = join(folder, 'bin')
  await copyFile(busybox, join(bin, 'busybox'))
  await chmod(join(bin, 'busybox'), 0o755)
  for (const applet of applets) {
    if (applet !== 'busybox') await symlink('busybox', join(bin, applet))
  }
  for (const [path, text] of Object.entries(accounts)) {
    await writeFile(join(folder, path), text)
    await chmod(join(folder, path), 0o644)
  }
}
