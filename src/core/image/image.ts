import type { Digest } from './digest.ts'
import type { Platform } from './platform.ts'
import { repositoryUri, type Repository } from './repository/repository.ts'

/** One platform of an image index. */
export interface PlatformImage {
  readonly platform: Platform
  /** Digest of this platform's manifest. */
  readonly digest: Digest
  /** Compressed: config and layers, as ECR counts them. */
  readonly sizeBytes: number
}

/** An image that is in the registry, as it was read back from there. */
export interface PushedImage {
  readonly repository: Repository
  /** Digest of the index (or of the manifest, where the image has one platform and no index). */
  readonly digest: Digest
  /** Empty for a lone manifest where nobody asked its config for which platform it is. */
  readonly platforms: readonly PlatformImage[]
  /** Tags known to name this digest, identity tags first. */
  readonly tags: readonly string[]
  /** What people call it: the version where the commit has one, else the commit. */
  readonly version: string
  /** Undefined where the image does not say from which commit it was built. */
  readonly commit: string | undefined
  /** Whether it was in the registry before this run. */
  readonly reused: boolean
  /** Whether this run joined it, of images that were in the registry; absent: it did not. */
  readonly joined?: true
  /** Further repositories that hold the very bytes, in the order of their lines; absent: none. */
  readonly copies?: readonly Repository[]
}

/** Whether it is the manifest of one platform, and no index names it. */
export function isLone({ digest, platforms }: Pick<PushedImage, 'digest' | 'platforms'>): boolean {
  return platforms.every((platform) => platform.digest === digest)
}

/** The repositories that an image can be pulled from. */
export type ImageHome = Pick<PushedImage, 'repository' | 'copies'>

/** `host/name@sha256:…`: the exact bytes, whatever happens to tags. */
export function imageUri(image: Pick<PushedImage, 'repository' | 'digest'>): string {
  return `${repositoryUri(image.repository)}@${image.digest}`
}
