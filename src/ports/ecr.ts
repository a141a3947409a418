import type { Digest } from '../core/image/digest.ts'
import type { StoredManifest } from '../core/image/content/stored-manifest.ts'
import type { EcrBlobs } from './ecr-blobs.ts'
import type { EcrRepositories } from './ecr-repositories.ts'
import type { EcrScan } from './ecr-scan.ts'

/** The registry password, 12 hours good. Who asks for it masks it before anything else. */
export interface RegistryToken {
  readonly username: string
  readonly password: string
  readonly expiresAt: Date
}

export interface RepositoryDescription {
  readonly name: string
  readonly accountId: string
  /** `host/name` as ECR answers it. */
  readonly uri: string
  /** `MUTABLE`, `IMMUTABLE`, or either `…_WITH_EXCLUSION`. */
  readonly tagMutability: string
  /** Wildcard patterns of the `…_WITH_EXCLUSION` forms. */
  readonly exclusionFilters: readonly string[]
}

/** How ECR's API names a repository. */
export interface RepositoryKey {
  readonly name: string
  readonly accountId: string
}

/** The ECR calls of the stages, in one region. All throw AwsFailure. */
export interface Ecr extends EcrScan, EcrBlobs, EcrRepositories {
  authorizationToken(): Promise<RegistryToken>
  /** @returns undefined where there is no such repository. */
  describeRepository(name: string, accountId?: string): Promise<RepositoryDescription | undefined>
  /** @returns undefined where the repository has no such image. */
  readManifest(
    repository: RepositoryKey,
    image: { readonly tag: string } | { readonly digest: Digest },
  ): Promise<StoredManifest | undefined>
  /**
   * Names an image by one more tag, on the server, with the same bytes. The tag naming it already
   * is success, so that it is sent again where no good answer came.
   * @param tag Undefined: the image is stored without a name.
   * @param signal Nothing is sent after it.
   */
  tagImage(
    repository: RepositoryKey,
    manifest: StoredManifest,
    tag: string | undefined,
    signal: AbortSignal,
  ): Promise<Digest>
  /**
   * Asks after a layer, as a push begins by doing.
   * @returns whether it is there.
   * @throws AwsFailure where the caller may not push so much as this.
   */
  hasLayer(repository: RepositoryKey, digest: Digest): Promise<boolean>
  /** The tags of one image; none where it is not there. */
  tagsOf(repository: RepositoryKey, digest: Digest): Promise<readonly string[]>
  /** The tags of the images pushed last, newest first, at most `count` (Infinity: all). */
  newestTags(repository: RepositoryKey, count: number): Promise<readonly string[]>
}
