import { withFingerprint, withFreshness, withObstacles } from '../../src/core/image/annotations.ts'
import { contentDigest } from '../../src/core/image/content/verify.ts'
import type { Platform } from '../../src/core/image/platform.ts'
import type { RegistryImage } from '../../src/core/image/content/registry-image.ts'
import { commit } from './run-context.ts'

/** An image of two platforms as preflight reads it, and whatever a test says is different. */
export function registryImage(
  about: {
    readonly commit?: string
    readonly fingerprint?: string
    readonly platforms?: readonly Platform[]
    readonly obstacles?: readonly string[]
    readonly freshness?: readonly string[]
  } = {},
): RegistryImage {
  const origin = { 'org.opencontainers.image.revision': about.commit ?? commit }
  const facts = withFingerprint(origin, about.fingerprint ?? 'f00d')
  const told = withObstacles(facts, about.obstacles ?? [])
  const annotations = withFreshness(told, about.freshness ?? [])
  const platforms = (about.platforms ?? ['linux/amd64', 'linux/arm64']).map((platform) => ({
    platform,
    digest: contentDigest(`${platform} ${JSON.stringify(about)}`),
    sizeBytes: 1000,
    annotations,
  }))
  const manifest = JSON.stringify({ manifests: platforms })
  return {
    digest: contentDigest(manifest),
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifest,
    platforms,
    missing: [],
    annotations: {},
  }
}
