import { describe, expect, it } from '@jest/globals'

import { parseDigest } from '../../../src/core/image/digest.ts'
import { addReview } from '../../../src/core/report/image-review.ts'
import type { PlatformScan } from '../../../src/core/scan/scan-verdict.ts'

const one = parseDigest(`sha256:${'a'.repeat(64)}`)
const other = parseDigest(`sha256:${'b'.repeat(64)}`)
const sizes = { platforms: [], storedBytes: 1 }
const scans: readonly PlatformScan[] = [
  { platform: 'linux/amd64', digest: one, verdict: { kind: 'pending', why: 'x' } },
]

describe('addReview', () => {
  it('keeps what is known of the image and of others', () => {
    const first = addReview(undefined, one, { scans })
    const second = addReview(first, other, { scans: [] })
    const third = addReview(second, one, { sizes })
    expect(third).toHaveLength(2)
    expect(third).toEqual(
      expect.arrayContaining([
        { digest: one, sizes, scans },
        { digest: other, sizes: undefined, scans: [] },
      ]),
    )
  })

  it('replaces only what is told anew', () => {
    const first = addReview([], one, { sizes, scans, cacheShare: { cachedSteps: 1, steps: 2 } })
    expect(addReview(first, one, { scans: [] })).toEqual([
      { digest: one, sizes, scans: [], cacheShare: { cachedSteps: 1, steps: 2 } },
    ])
  })
})
