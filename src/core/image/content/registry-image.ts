import type { Digest } from '../digest.ts'
import { factsOf, type ImageFacts } from '../annotations.ts'
import type { PlatformImage, PushedImage } from '../image.ts'
import type { Platform } from '../platform.ts'
import { parseManifest, type Annotations } from './manifest.ts'

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
  /** Empty for a lone manifest of which is not known for which platform it is: see {@link asPlatform}. */
  readonly platforms: readonly RegistryPlatform[]
  /** Children that the index names and the registry no longer has (a lifecycle rule's work). */
  readonly missing: readonly PlatformImage['platform'][]
  /** Of the index itself, or of the lone manifest. */
  readonly annotations: Annotations
}

/** A lone manifest that is known to be of `platform`; an index is left as it is. */
export function asPlatform(image: RegistryImage, platform: Platform): RegistryImage {
  const parsed = parseManifest(image.manifest)
  if (parsed?.kind !== 'manifest') return image
  const { digest, annotations } = image
  return {
    ...image,
    platforms: [{ platform, digest, sizeBytes: parsed.sizeBytes, annotations }],
  }
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

/** What any platform of any of the images says of a kind, each once. */
export function toldByAny(
  images: readonly RegistryImage[],
  read: (annotations: Annotations) => readonly string[],
): readonly string[] {
  const told = images.flatMap(({ platforms, annotations }) =>
    platforms.length === 0
      ? read(annotations)
      : platforms.flatMap((each) => read(each.annotations)),
  )
  return [...new Set(told)]
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
