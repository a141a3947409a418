import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { Stage } from '../../demo/stage.ts'

const execute = promisify(execFile)

/** One manifest that an index names. */
export interface IndexEntry {
  readonly digest: string
  /** `linux/arm64`; `unknown/unknown` of an attestation. */
  readonly platform: string
  readonly annotations: Readonly<Record<string, string>>
}

/** An image index as somebody else's program reads it. */
export interface ImageIndex {
  readonly digest: string
  readonly entries: readonly IndexEntry[]
  readonly annotations: Readonly<Record<string, string>>
}

interface RawIndex {
  readonly manifests?: readonly {
    readonly digest: string
    readonly platform?: { readonly os: string; readonly architecture: string }
    readonly annotations?: Readonly<Record<string, string>>
  }[]
  readonly annotations?: Readonly<Record<string, string>>
}

/** Reads what `reference` names with Debian's skopeo, which knows nothing of this project. */
export async function readIndex(stage: Stage, reference: string): Promise<ImageIndex> {
  const login = join(stage.directory, 'task-execution-role', 'config.json')
  const argv = ['inspect', '--raw', '--authfile', login, `docker://${reference}`]
  const { stdout } = await execute('skopeo', argv)
  const raw = JSON.parse(stdout) as RawIndex
  const entries = (raw.manifests ?? []).map(({ digest, platform, annotations = {} }) => ({
    digest,
    platform: `${platform?.os ?? 'none'}/${platform?.architecture ?? 'none'}`,
    annotations,
  }))
  const digest = `sha256:${createHash('sha256').update(stdout).digest('hex')}`
  return { digest, entries, annotations: raw.annotations ?? {} }
}

/** The entries that are images: attestations have no platform. */
export function imagesOf({ entries }: ImageIndex): readonly IndexEntry[] {
  return entries.filter(({ platform }) => platform !== 'unknown/unknown')
}

/** The platforms of an index in order, for a check: `linux/amd64 linux/arm64`. */
export function platformsOf(index: ImageIndex): string {
  const platforms = imagesOf(index).map(({ platform }) => platform)
  return platforms.toSorted((a, b) => a.localeCompare(b, 'en')).join(' ')
}
