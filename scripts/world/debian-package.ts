import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { runChild } from './child.ts'
import type { Cpu } from './cpu.ts'
import { debianKeyring } from './root.ts'

/** A package of a Debian release, for a CPU that need not be this machine's. */
export interface DebianPackage {
  readonly name: string
  readonly suite: string
  readonly architecture: Cpu['architecture']
  readonly mirror: string
}

/**
 * Unpacks a package below `folder` and returns where. apt verifies the archive's signature and the
 * package's hash; its lists and its notion of this machine are private to `folder`, so that the
 * machine's own apt neither learns of the other CPU nor is asked for it.
 */
export async function unpackDebianPackage(
  wanted: DebianPackage,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  const state = join(folder, 'apt')
  await mkdir(join(state, 'lists/partial'), { recursive: true })
  await mkdir(join(state, 'archives/partial'), { recursive: true })
  const sources = join(state, 'sources.list')
  const archive = `deb [signed-by=${debianKeyring}] ${wanted.mirror} ${wanted.suite} main\n`
  await writeFile(sources, archive)
  await writeFile(join(state, 'status'), '')
  const options = { cwd: state, ...(signal && { signal }) }
  const apt = privateConfiguration(state, sources, wanted.architecture)
  await runChild('apt-get', [...apt, 'update'], options)
  await runChild('apt-get', [...apt, 'download', wanted.name], options)
  const file = (await readdir(state)).find((name) => name.endsWith('.deb'))
  if (file === undefined) throw new Error(`apt-get brought no package ${wanted.name}.`)
  const unpacked = join(folder, 'unpacked')
  await runChild('dpkg-deb', ['--extract', join(state, file), unpacked], options)
  return unpacked
}

function privateConfiguration(state: string, sources: string, architecture: string): string[] {
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    // The folder belongs to root alone: apt's own user could not write there.
    'APT::Sandbox::User': 'root',
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '-',
    'Dir::State': state,
    'Dir::State::Lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': state,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}
