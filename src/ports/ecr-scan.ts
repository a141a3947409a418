import type { Digest } from '../core/image/digest.ts'
import type { ImageScan } from '../core/scan/scan-verdict.ts'
import type { RepositoryKey } from './ecr.ts'

/** The ECR calls about vulnerability scans. All throw AwsFailure. */
export interface EcrScan {
  /**
   * The scan of one platform's image, with all its findings.
   * @returns undefined where no scan was begun.
   */
  describeScan(repository: RepositoryKey, digest: Digest): Promise<ImageScan | undefined>
  /** Begins a basic scan, which ECR allows once in 24 hours (StartImageScan). */
  startScan(repository: RepositoryKey, digest: Digest): Promise<void>
}
