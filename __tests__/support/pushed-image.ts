import { parseDigest, type Digest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'

const registry = {
  host: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
  accountId: '123456789012',
  region: 'us-east-1',
}

const digit = (n: number): Digest => parseDigest(`sha256:${String(n).repeat(64)}`)

/** An image of both platforms; `n` tells it from others. */
export function pushedImage(n: number): PushedImage {
  return {
    repository: { registry: { ...registry, host: 'registry.example.com' }, name: 'web' },
    digest: digit(n),
    platforms: [
      { platform: 'linux/amd64', digest: digit(n + 1), sizeBytes: 1 },
      { platform: 'linux/arm64', digest: digit(n + 2), sizeBytes: 1 },
    ],
    tags: [`v${n}`],
    version: `v${n}`,
    commit: undefined,
    reused: false,
  }
}
