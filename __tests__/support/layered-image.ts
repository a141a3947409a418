import { gzipSync } from 'node:zlib'

import { digestOf } from '../../simulator/ecr/store/digest.ts'
import { OCI_MANIFEST } from '../../simulator/ecr/store/media-types.ts'
import { parseDigest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { Platform } from '../../src/core/image/platform.ts'
import { indexOf, type TestImage } from '../simulator/ecr/image.ts'
import { registryHost, type TestRegistry } from './test-registry.ts'

/** A layer of a test image: its archive, and what the history says of it. */
export interface TestLayer {
  readonly content: Buffer
  readonly instruction: string
  readonly mediaType?: string
  /** What is stored; default: the content, gzipped. */
  readonly stored?: Buffer
}

/** An image with real gzip layers and a history that has an entry without a layer, too. */
export function layeredImage(platform: string, layers: readonly TestLayer[]): TestImage {
  const [os, architecture] = platform.split('/')
  const history = [
    ...layers.map(({ instruction }) => ({ created_by: instruction })),
    { created_by: 'ENV A=b', empty_layer: true },
  ]
  const config = Buffer.from(JSON.stringify({ os, architecture, history }))
  const stored = layers.map((layer) => layer.stored ?? gzipSync(layer.content))
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: stored.map((bytes, index) =>
      descriptor(layers[index]?.mediaType ?? 'application/vnd.oci.image.layer.v1.tar+gzip', bytes),
    ),
  })
  return { text, mediaType: OCI_MANIFEST, digest: digestOf(text), blobs: [config, ...stored] }
}

/** Pushes an index of `images`, and answers it as it is read back. */
export async function pushLayered(
  registry: TestRegistry,
  images: Readonly<Record<Platform, TestImage>>,
  repository = 'team/app',
): Promise<PushedImage> {
  const entries = Object.entries(images) as [Platform, TestImage][]
  for (const [, image] of entries) await accepted(registry.client.push(repository, image))
  const index = indexOf(images)
  await accepted(registry.client.push(repository, index))
  const platforms = entries.map(([platform, image]) => ({
    platform,
    digest: parseDigest(image.digest),
    sizeBytes: storedBytes(image),
  }))
  return pushed(index.digest, platforms, repository)
}

/** Pushes an image without an index. */
export async function pushLone(registry: TestRegistry, image: TestImage): Promise<PushedImage> {
  await accepted(registry.client.push('team/app', image))
  return pushed(image.digest, [], 'team/app')
}

/** What the blobs of an image take in the registry. */
export function storedBytes({ blobs }: TestImage): number {
  return blobs.reduce((sum, { length }) => sum + length, 0)
}

function pushed(digest: string, platforms: PushedImage['platforms'], name: string): PushedImage {
  return {
    repository: {
      registry: { host: registryHost, accountId: '123456789012', region: 'us-east-1' },
      name,
    },
    digest: parseDigest(digest),
    platforms,
    tags: [],
    version: '1.2.3',
    commit: undefined,
    reused: false,
  }
}

async function accepted(answer: Promise<Response>): Promise<void> {
  const response = await answer
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
}

function descriptor(mediaType: string, bytes: Buffer) {
  return { mediaType, digest: digestOf(bytes), size: bytes.length }
}
