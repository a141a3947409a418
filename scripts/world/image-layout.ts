import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { runChild } from './child.ts'
import type { Cpu } from './cpu.ts'

/** What a manifest or index says of a blob or manifest (OCI image specification). */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** One platform of an image: a folder with its files, which are packed into one layer. */
export interface PlatformFiles {
  readonly architecture: Cpu['architecture']
  readonly folder: string
}

const oci = (kind: string): string => `application/vnd.oci.image.${kind}`

/**
 * Writes an OCI image layout to `layout`, whose `index.json` names one image index with one
 * manifest for each platform. The same files give the same digests: names are sorted, and every
 * time, owner and creation date is that of the epoch. Returns the descriptor of the index.
 */
export async function writeImageLayout(
  layout: string,
  platforms: readonly PlatformFiles[],
): Promise<Descriptor> {
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true })
  const manifests = []
  for (const { architecture, folder } of platforms) {
    const manifest = await writeManifest(layout, architecture, folder)
    const variant = architecture === 'arm64' ? { variant: 'v8' } : {}
    manifests.push({ ...manifest, platform: { os: 'linux', architecture, ...variant } })
  }
  const index = await writeJson(layout, oci('index.v1+json'), { manifests })
  const entry = { schemaVersion: 2, mediaType: oci('index.v1+json'), manifests: [index] }
  await writeFile(join(layout, 'index.json'), JSON.stringify(entry))
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  return index
}

async function writeManifest(
  layout: string,
  architecture: string,
  folder: string,
): Promise<Descriptor> {
  const archive = join(layout, `${architecture}.tar`)
  await runChild('tar', [
    ...['--create', '--file', archive, '--directory', folder, '--format=ustar', '--sort=name'],
    ...['--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '.'],
  ])
  const tar = await readFile(archive)
  await rm(archive)
  const layer = await writeBlob(layout, oci('layer.v1.tar+gzip'), gzipSync(tar))
  const config = await writeJson(layout, oci('config.v1+json'), {
    created: new Date(0).toISOString(),
    architecture,
    os: 'linux',
    config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin'], Cmd: ['sh'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
  })
  return writeJson(layout, oci('manifest.v1+json'), { config, layers: [layer] })
}

const writeJson = (layout: string, mediaType: string, document: object): Promise<Descriptor> => {
  const versioned =
    mediaType === oci('config.v1+json') ? document : { schemaVersion: 2, mediaType, ...document }
  return writeBlob(layout, mediaType, Buffer.from(JSON.stringify(versioned)))
}

async function writeBlob(layout: string, mediaType: string, bytes: Buffer): Promise<Descriptor> {
  const digest = digestOf(bytes)
  await writeFile(blobPath(layout, digest), bytes)
  return { mediaType, digest, size: bytes.length }
}

const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Where a layout keeps the blob of `digest`. */
export const blobPath = (layout: string, digest: string): string =>
  join(layout, 'blobs', ...digest.split(':'))
