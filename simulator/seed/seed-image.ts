import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'
const TAR_BLOCK = 512

/** What an image of a seed is to be like. */
export interface SeedImage {
  readonly tags: readonly string[]
  /** `linux/amd64`; several make an index. */
  readonly platforms: readonly string[]
  /** Size of the only file in the only layer. */
  readonly bytes: number
  /** Annotations of every manifest. */
  readonly annotations: Readonly<Record<string, string>>
}

/** A manifest that is pushed after its blobs and after the manifests before it. */
export interface Pushable {
  readonly mediaType: string
  readonly text: string
  readonly blobs: readonly Uint8Array[]
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** A real image, made of its description alone: the same one again gives the same digests. */
export function layOut(image: SeedImage): readonly Pushable[] {
  const manifests = image.platforms.map((platform) => manifestOf(platform, image))
  if (manifests.length === 1) return manifests
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: manifests.map((manifest, index) => ({
      ...descriptor(MANIFEST, Buffer.from(manifest.text)),
      platform: platformOf(image.platforms[index] ?? ''),
    })),
    annotations: image.annotations,
  })
  return [...manifests, { mediaType: INDEX, text, blobs: [] }]
}

function manifestOf(platform: string, { bytes, annotations }: SeedImage): Pushable {
  const tar = archive('seed', contents(platform, bytes))
  const layer = gzipSync(tar)
  const config = Buffer.from(
    JSON.stringify({
      ...platformOf(platform),
      config: { Cmd: ['/seed'] },
      rootfs: { type: 'layers', diff_ids: [digest(tar)] },
    }),
  )
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(CONFIG, config),
    layers: [descriptor(LAYER, layer)],
    annotations,
  })
  return { mediaType: MANIFEST, text, blobs: [config, layer] }
}

function platformOf(platform: string): Record<string, string> {
  const [os = '', architecture = '', variant] = platform.split('/')
  return { os, architecture, ...(variant !== undefined && { variant }) }
}

/** Bytes that do not compress, so that sizes stay what they were said to be. */
function contents(platform: string, bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256')
      .update(`${platform} ${String(index)}`)
      .digest(),
  )
  return Buffer.concat(blocks).subarray(0, bytes)
}

/** A tar archive (POSIX ustar) with one executable file. */
function archive(name: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(TAR_BLOCK)
  const octal = (value: number, width: number): string => value.toString(8).padStart(width, '0')
  header.write(name, 0)
  header.write(`${octal(0o755, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100)
  header.write(`${octal(content.byteLength, 11)}\0${octal(0, 11)}\0`, 124)
  header.write('        0', 148)
  header.write('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  const padding = Buffer.alloc((TAR_BLOCK - (content.byteLength % TAR_BLOCK)) % TAR_BLOCK)
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * TAR_BLOCK)])
}

function descriptor(mediaType: string, content: Uint8Array): Descriptor {
  return { mediaType, digest: digest(content), size: content.byteLength }
}

function digest(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
