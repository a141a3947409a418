import type { CachePlan } from '../../buildx/cache/plan-cache.ts'
import type { PlatformCache } from '../../buildx/cache/platform-cache.ts'
import type { Digest } from '../../image/digest.ts'
import type { PushedImage } from '../../image/image.ts'
import type { Platform } from '../../image/platform.ts'
import type { EcrHost, Repository } from '../../image/repository/repository.ts'
import type { RepositoryCreation } from '../../image/repository/repository-settings.ts'
import type { StoredManifest } from '../../image/content/stored-manifest.ts'
import type { PlacedAnnotation } from '../../image/annotations.ts'
import type { VersionSchemeName } from '../../image/naming/version.ts'
import type { BuildSettings } from '../../inputs/build/build-settings.ts'
import type { BuilderInputs } from '../../inputs/build/builder.ts'
import type { Gates } from '../../inputs/build/gates.ts'
import type { JsonObject } from '../../json.ts'

/** What buildx is to do; turned into an argv by core/buildx/argv.ts. */
export interface BuildSpecification {
  /** Absolute path, or the URL of a remote context. */
  readonly contextDirectory: string
  /** Absolute path, or one inside a remote context. */
  readonly dockerfile: string
  readonly target: string | undefined
  readonly buildArguments: readonly string[]
  readonly platforms: readonly Platform[]
  readonly noCache: boolean
  readonly pull: boolean
  readonly labels: Readonly<Record<string, string>>
  /** Put on the manifest of each platform, with the facts that we read back. */
  readonly annotations: Readonly<Record<string, string>>
  /** The user's for other places: the index, one platform, descriptors. */
  readonly furtherAnnotations: readonly PlacedAnnotation[]
  readonly settings: BuildSettings
  /** What it is called in the job's Docker engine, too; absent: it is not loaded there. */
  readonly loadAs?: string
  /** In place of the caches in its settings, where several nodes build it. */
  readonly platformCaches?: readonly PlatformCache[]
}

/** An image that is built for nobody but this machine. */
export interface LocalBuildPlan extends Pick<NamedImagePlan, 'commit'> {
  readonly build: BuildSpecification
}

/** What every image has: where it goes, under which names, and what it must pass. */
interface NamedImagePlan {
  readonly repository: Repository
  /** The commit that the image is of. */
  readonly commit: string
  readonly version: string
  /** How versions like it are ordered; undefined where it has none. */
  readonly versionScheme: VersionSchemeName | undefined
  /**
   * Names that mean these very bytes for ever; the build pushes under the first, and by digest where
   * there is none.
   */
  readonly identityTags: readonly string[]
  /** Names that go from image to image; put on last, and never back to an older version. */
  readonly movingTags: readonly string[]
  /** What it must have. */
  readonly platforms: readonly Platform[]
  /** What it must pass before it gets its further names; a reused image, too. */
  readonly gates: Gates
  /** Hash of everything that decides the content; equal fingerprint and commit prove sameness. */
  readonly fingerprint: string
  /** Why they do not prove it; the manifests say so. */
  readonly obstacles: readonly string[]
  /** What the first identity tag names before the build; undefined: nothing. */
  readonly replaces: Digest | undefined
  /** The image that is there already and proven the same: nothing is built. */
  readonly existing: PushedImage | undefined
  /** Why it is built, or why not: one clause for the log and the plan. */
  readonly reason: string
  /** Further repositories, which get the same bytes and the same tags. */
  readonly copies: readonly CopyPlan[]
  /** Repositories that are missing, in the order in which they are made before anything is pushed. */
  readonly creates: readonly RepositoryCreation[]
  /** Further attempts that a build and push, or a copy, may take. */
  readonly retries: number
}

/** A further repository of an image. */
export interface CopyPlan {
  readonly repository: Repository
  /** The very bytes, where they are there already: nothing is copied. */
  readonly existing: PushedImage | undefined
}

/** An image that one go of buildx makes. */
export interface BuiltImagePlan extends NamedImagePlan {
  readonly kind: 'build'
  readonly build: BuildSpecification
  /** Undefined where it is in a remote context. */
  readonly dockerfileText: string | undefined
  /** The registry of its caches, where `cache` keeps them in one. */
  readonly cacheHost: EcrHost | undefined
  /** Further registries that the build may pull from. */
  readonly pullHosts: readonly EcrHost[]
  readonly builder: BuilderInputs
}

/** An image that is joined of others, which lie in its repository. */
export interface MergedImagePlan extends NamedImagePlan {
  readonly kind: 'merge'
  /** The index over the platforms of all legs. */
  readonly index: StoredManifest
}

/** What one call of bake may build, shared by all images of a run that come of it. */
export interface BakeSpecification {
  /** Every target that takes part, by name, as bake's files write it; those that go nowhere, too. */
  readonly targets: ReadonlyMap<string, JsonObject>
  /** Of every target that is pushed. */
  readonly settings: BuildSettings
  /** Absolute; what the settings name is seen from there. */
  readonly workspace: string
}

/** An image that bake makes, together with others. */
export interface BakedImagePlan extends NamedImagePlan {
  readonly kind: 'bake'
  /** Its name among the targets. */
  readonly target: string
  readonly bake: BakeSpecification
  /** Undefined where it is in a remote context. */
  readonly dockerfileText: string | undefined
  /** Values of `cache-from` and `cache-to` besides those of its target. */
  readonly caches: CachePlan
  readonly builder: BuilderInputs
  /** Further registries that the build may pull from. */
  readonly pullHosts: readonly EcrHost[]
}

/** One image: where it goes, under which names, and how it comes to be. */
export type ImagePlan = BuiltImagePlan | MergedImagePlan | BakedImagePlan
