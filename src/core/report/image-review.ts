import type { Digest } from '../image/digest.ts'
import type { BuilderStageSize, ImageSizes } from '../image/content/sizes.ts'
import type { PlatformScan } from '../scan/scan-verdict.ts'

/** What is known of an image beside what it is: its sizes and its scans. */
export interface ImageReview {
  readonly digest: Digest
  /** Undefined where they could not be read. */
  readonly sizes: ImageSizes | undefined
  /** Empty where no scan was asked for, or could be read. */
  readonly scans: readonly PlatformScan[]
  /** The stage that built it and is not shipped, where it was measured in time. */
  readonly builderStage?: BuilderStageSize | undefined
}
