import type { Digest } from '../core/image/digest.ts'
import type { RepositoryKey } from './ecr.ts'

/**
 * Reads bytes of blobs by ECR's API, without the registry's login. All throw AwsFailure, 10 s after
 * they began at the latest.
 */
export interface EcrBlobs {
  /**
   * The last `count` bytes of a blob.
   * @throws AwsFailure also where the store does not serve ranges.
   */
  readTail(
    repository: RepositoryKey,
    digest: Digest,
    count: number,
    signal: AbortSignal,
  ): Promise<Uint8Array>
  /** A small blob whole. @throws AwsFailure where it is larger than `maxBytes`. */
  readBlob(
    repository: RepositoryKey,
    digest: Digest,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array>
}
