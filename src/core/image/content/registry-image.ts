import type { Digest } from '../digest.ts'
import { factsOf, type ImageFacts } from '../annotations.ts'
import type { PlatformImage, PushedImage } from '../image.ts'
import type { Annotations } from './manifest.ts'

/** One platform of an image, with what its manifest says of itself. */
export interface RegistryPlatform extends PlatformImage {
  readonly annotations: Annotations
}

/** An image as the registry tells it, index and children read. */
export interface RegistryImage {
  readonly digest: Digest
  /** The index exactly as stored; naming it by another tag needs the very bytes. */
  readonly mediaType: string
  readonly manifest: string
  /** Empty for a lone manifest: it does not say for which platform it is. */
  readonly platforms: readonly RegistryPlatform[]
  /** Children that the index names and the registry no longer has (a lifecycle rule's work). */
  readonly missing: readonly PlatformImage['platform'][]
  /** Of the index itself, or of the lone manifest. */
  readonly annotations: Annotations
}

/** What all platforms of an image say alike; a fact on which they differ is none. */
export function factsOfImage(image: RegistryImage): ImageFacts {
  const [first, ...others] = image.platforms.map(({ annotations }) => factsOf(annotations))
  if (first === undefined) return factsOf(image.annotations)
  const agreed = (name: keyof ImageFacts): string | undefined =>
    others.every((facts) => facts[name] === first[name]) ? first[name] : undefined
  return {
    commit: agreed('commit'),
    version: agreed('version'),
    fingerprint: agreed('fingerprint'),
  }
}

/** The image in the words of the later stages. */
export function toPushedImage(
  image: RegistryImage,
  about: Omit<PushedImage, 'digest' | 'platforms'>,
): PushedImage {
  const platforms = image.platforms.map(({ platform, digest, sizeBytes }) => ({
    platform,
    digest,
    sizeBytes,
  }))
  return { ...about, digest: image.digest, platforms }
}
