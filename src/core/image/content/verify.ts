import { createHash } from 'node:crypto'
import { ActionError } from '../../errors/action-error.ts'
import { parseDigest, shortDigest, type Digest } from '../digest.ts'
import type { Platform } from '../platform.ts'
import type { RegistryImage } from './registry-image.ts'

/** The content address of a manifest's very bytes. */
export function contentDigest(manifest: string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(manifest).digest('hex')}`)
}

/**
 * Holds what the registry has against what was built.
 * @param where `host/name:tag`, for the message.
 * @throws ActionError `digest-mismatch` where the bytes are others, `image-incomplete` where a
 * platform is not there.
 */
export function verifyPushed(
  image: RegistryImage,
  expected: { readonly digest: Digest; readonly platforms: readonly Platform[] },
  where: string,
): void {
  const actual = contentDigest(image.manifest)
  if (actual !== expected.digest) {
    throw new ActionError(
      'digest-mismatch',
      `"${where}" holds ${shortDigest(actual)}, but ${shortDigest(expected.digest)} was built`,
      'Something else pushes to this repository or stands between the builder and ECR; nothing was deployed.',
    )
  }
  const absent = missingPlatforms(image, expected.platforms)
  if (absent.length > 0) {
    throw new ActionError(
      'image-incomplete',
      `"${where}" (${shortDigest(expected.digest)}) lacks ${absent.join(', ')}`,
      'Run the job again; check that no lifecycle rule of the repository deletes untagged images at once.',
    )
  }
}

/** The wanted platforms that an image cannot serve: not in its index, or their manifest is gone. */
export function missingPlatforms(
  image: RegistryImage,
  wanted: readonly Platform[],
): readonly Platform[] {
  return wanted.filter((platform) => !image.platforms.some((child) => child.platform === platform))
}
