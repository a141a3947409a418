import type { CacheShare } from '../buildx/cache/cache-share.ts'
import type { Digest } from '../image/digest.ts'
import type { BuilderStageSize, ImageSizes } from '../image/content/sizes.ts'
import type { PlatformScan } from '../scan/scan-verdict.ts'

/** What is known of an image beside what it is: its sizes, its scans, how it was built. */
export interface ImageReview {
  readonly digest: Digest
  /** Undefined where they could not be read. */
  readonly sizes: ImageSizes | undefined
  /** Empty where no scan was asked for, or could be read. */
  readonly scans: readonly PlatformScan[]
  /** The stage that built it and is not shipped, where it was measured in time. */
  readonly builderStage?: BuilderStageSize | undefined
  /** How much of its build came from a cache, where this run built it, and nothing else beside it. */
  readonly cacheShare?: CacheShare | undefined
}

/** What is found out of an image at one time. */
export type ReviewPart = Partial<Omit<ImageReview, 'digest'>>

/** The reviews with one part more: what is known of the image otherwise stays, and so do others. */
export function addReview(
  reviews: readonly ImageReview[] = [],
  digest: Digest,
  part: ReviewPart,
): readonly ImageReview[] {
  const known = reviews.find((review) => review.digest === digest)
  if (known === undefined) return [...reviews, { digest, sizes: undefined, scans: [], ...part }]
  return reviews.map((review) => (review === known ? { ...known, ...part } : review))
}
