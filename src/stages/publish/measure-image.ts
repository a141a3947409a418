import type { Digest } from '../../core/image/digest.ts'
import type { PlatformImage, PushedImage } from '../../core/image/image.ts'
import {
  instructionsOf,
  parseBlobs,
  type Blob,
  type ManifestBlobs,
} from '../../core/image/content/layers.ts'
import type { Repository } from '../../core/image/repository/repository.ts'
import {
  changeBytesOf,
  compressedBytesOf,
  storedBytesOf,
  subjectsOf,
  type BigLayer,
  type ImageSizes,
  type PlatformSizes,
  type PlatformSubject,
} from '../../core/image/content/sizes.ts'
import {
  gzipTrailerBytes,
  unpackedSizeOf,
  unpackedSource,
  type UnpackedSize,
} from '../../core/image/content/unpacked-size.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { keyOf } from '../aws/ask-ecr.ts'
import { OptionalReads } from '../aws/optional-reads.ts'
import { readImage } from '../aws/read-image.ts'

const shownLayers = 3
const configLimitBytes = 4 * 1024 * 1024

/**
 * Measures an image in the registry: of each platform the compressed and the unpacked size, and the
 * biggest layers with the instructions that made them. Nothing depends on it: what cannot be read is
 * undefined, a missing permission is told once.
 * @param running Digest in the same repository that runs now; undefined: nothing to compare with.
 * @returns undefined where not even the manifests could be read.
 */
export async function measureImage(
  image: PushedImage,
  running: Digest | undefined,
  ecr: Ecr,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<ImageSizes | undefined> {
  const reader = new BlobReader(image.repository, ecr, ports)
  const [before, manifests] = await Promise.all([
    reader.platformsOf(running),
    Promise.all(subjectsOf(image).map((subject) => reader.manifest(subject))),
  ])
  const read = manifests.flatMap((manifest) => manifest ?? [])
  if (read.length < manifests.length) return undefined
  const platforms = await Promise.all(
    read.map(({ subject, blobs }) => measurePlatform(subject, blobs, before, reader)),
  )
  const all = read.flatMap(({ blobs }) => [blobs.config, ...blobs.layers])
  return { platforms, storedBytes: storedBytesOf(all) }
}

async function measurePlatform(
  { platform, digest }: PlatformSubject,
  { config, layers }: ManifestBlobs,
  before: readonly PlatformImage[],
  reader: BlobReader,
): Promise<PlatformSizes> {
  const [instructions, unpacked] = await Promise.all([
    reader.instructions(config, layers.length),
    Promise.all(layers.map((layer) => reader.unpackedSize(layer))),
  ])
  const compressedBytes = compressedBytesOf(config, layers)
  return {
    ...{ platform, digest, compressedBytes },
    ...sumOf(unpacked),
    layerCount: layers.length,
    biggestLayers: biggestOf(layers, instructions),
    changeBytes: changeBytesOf(platform, compressedBytes, before),
  }
}

/** The whole of what the layers tell; nothing where one does not. */
function sumOf(
  layers: readonly (UnpackedSize | undefined)[],
): Pick<PlatformSizes, 'unpackedBytes' | 'unpackedAtLeast'> {
  const told = layers.flatMap((layer) => layer ?? [])
  if (told.length < layers.length) return { unpackedBytes: undefined }
  const unpackedBytes = told.reduce((sum, { bytes }) => sum + bytes, 0)
  return { unpackedBytes, ...(told.some(({ atLeast }) => atLeast) && { unpackedAtLeast: true }) }
}

function biggestOf(
  layers: readonly Blob[],
  instructions: readonly string[] | undefined,
): readonly BigLayer[] {
  return layers
    .map(({ sizeBytes }, index) => ({ sizeBytes, instruction: instructions?.[index] }))
    .toSorted((one, other) => other.sizeBytes - one.sizeBytes)
    .slice(0, shownLayers)
}

/** Optional reads of one repository; a layer that platforms share is read once. */
class BlobReader {
  readonly #repository: Repository
  readonly #ecr: Ecr
  readonly #ports: Pick<Ports, 'report' | 'signal'>
  readonly #reads: OptionalReads
  readonly #unpacked = new Map<Digest, Promise<UnpackedSize | undefined>>()

  constructor(repository: Repository, ecr: Ecr, ports: Pick<Ports, 'report' | 'signal'>) {
    this.#repository = repository
    this.#ecr = ecr
    this.#ports = ports
    this.#reads = new OptionalReads(ports)
  }

  async platformsOf(digest: Digest | undefined): Promise<readonly PlatformImage[]> {
    if (digest === undefined) return []
    try {
      const image = await readImage(this.#ecr, this.#repository, { digest })
      return image?.platforms ?? []
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      this.#ports.report.detail(`what runs now was not measured: ${error.message}`)
      return []
    }
  }

  async manifest(
    subject: PlatformSubject,
  ): Promise<{ readonly subject: PlatformSubject; readonly blobs: ManifestBlobs } | undefined> {
    const stored = await this.#reads.try('ecr:BatchGetImage', 'sizes are not told', () =>
      this.#ecr.readManifest(keyOf(this.#repository), { digest: subject.digest }),
    )
    const blobs = stored === undefined ? undefined : parseBlobs(stored.manifest)
    return blobs && { subject, blobs }
  }

  async instructions(
    { digest, sizeBytes }: Blob,
    layerCount: number,
  ): Promise<readonly string[] | undefined> {
    if (sizeBytes > configLimitBytes) return undefined
    const bytes = await this.#tryBlob(() =>
      this.#ecr.readBlob(keyOf(this.#repository), digest, configLimitBytes, this.#ports.signal),
    )
    return bytes && instructionsOf(new TextDecoder().decode(bytes), layerCount)
  }

  async unpackedSize(layer: Blob): Promise<UnpackedSize | undefined> {
    const source = unpackedSource(layer)
    if (source === 'none') return undefined
    if (source === 'itself') return { bytes: layer.sizeBytes, atLeast: false }
    const known = this.#unpacked.get(layer.digest) ?? this.#readTrailer(layer)
    this.#unpacked.set(layer.digest, known)
    return await known
  }

  async #readTrailer({ digest, sizeBytes }: Blob): Promise<UnpackedSize | undefined> {
    const { signal } = this.#ports
    const trailer = await this.#tryBlob(() =>
      this.#ecr.readTail(keyOf(this.#repository), digest, gzipTrailerBytes, signal),
    )
    return trailer && unpackedSizeOf(trailer, sizeBytes)
  }

  async #tryBlob<T>(read: () => Promise<T>): Promise<T | undefined> {
    const without = 'unpacked sizes and the instructions of layers are not told'
    return await this.#reads.try('ecr:GetDownloadUrlForLayer', without, read)
  }
}
