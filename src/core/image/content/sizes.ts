import type { Digest } from '../digest.ts'
import type { PlatformImage, PushedImage } from '../image.ts'
import type { Blob } from './layers.ts'
import type { Platform } from '../platform.ts'

/** A layer among the biggest of its platform. */
export interface BigLayer {
  readonly sizeBytes: number
  /** Of the Dockerfile; undefined where the configuration could not be read. */
  readonly instruction: string | undefined
}

/** One platform's size in the registry and on the host. */
export interface PlatformSizes {
  /** Undefined for a lone manifest, which does not say for which platform it is. */
  readonly platform: Platform | undefined
  readonly digest: Digest
  /** Configuration and layers as stored, as ECR's imageSizeInBytes counts them. */
  readonly compressedBytes: number
  /** Bytes of the layers' tar archives; undefined where one layer does not tell. */
  readonly unpackedBytes: number | undefined
  /** Where it may be more: a large layer tells its size modulo 4 GiB. */
  readonly unpackedAtLeast?: true
  readonly layerCount: number
  /** Largest first. */
  readonly biggestLayers: readonly BigLayer[]
  /** Against the platform of the image that runs now; undefined where there is none to compare. */
  readonly changeBytes: number | undefined
}

/** What was measured of one image. */
export interface ImageSizes {
  readonly platforms: readonly PlatformSizes[]
  /** Of all platforms, a blob that several have counted once, as the registry stores it. */
  readonly storedBytes: number
}

/** A manifest that is measured and scanned: one of each platform, or the lone one. */
export interface PlatformSubject {
  readonly platform: Platform | undefined
  readonly digest: Digest
}

/** What an image is measured and scanned by. An index itself has neither layers nor findings. */
export function subjectsOf({ platforms, digest }: PushedImage): readonly PlatformSubject[] {
  return platforms.length === 0 ? [{ platform: undefined, digest }] : platforms
}

/** How a platform is called in messages. */
export function subjectName({ platform }: { readonly platform: Platform | undefined }): string {
  return platform ?? 'the image'
}

export function compressedBytesOf(config: Blob, layers: readonly Blob[]): number {
  return [config, ...layers].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

/** @param blobs Of all platforms. */
export function storedBytesOf(blobs: readonly Blob[]): number {
  const sizes = new Map(blobs.map(({ digest, sizeBytes }) => [digest, sizeBytes]))
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/** How much larger a platform is than what runs now. */
export function changeBytesOf(
  platform: Platform | undefined,
  compressedBytes: number,
  running: readonly PlatformImage[],
): number | undefined {
  const before = running.find((candidate) => candidate.platform === platform)
  return before === undefined ? undefined : compressedBytes - before.sizeBytes
}

/** What AWS charges for private repositories in us-east-1 (Amazon ECR pricing: $0.10 per GB-month). */
const dollarsPerGibibyteMonth = 0.1

/** An estimate of a month's storage; layers that other images of the registry share cost nothing more. */
export function storageDollarsPerMonth(storedBytes: number): number {
  return (storedBytes / 2 ** 30) * dollarsPerGibibyteMonth
}

/** What a stage takes that is not shipped. */
export interface BuilderStageSize {
  readonly stage: string
  /** The platform that was measured. */
  readonly platform: Platform | undefined
  /** Configuration and layers as BuildKit compresses them. */
  readonly compressedBytes: number
}
