import type { PushedImage } from '../image/image.ts'
import type { Platform } from '../image/platform.ts'
import type { Repository } from '../image/repository.ts'
import type { PlacedAnnotation } from '../image/annotations.ts'
import type { BuildSettings } from '../inputs/build-settings.ts'
import type { BuilderInputs } from '../inputs/inputs.ts'

/** What buildx is to do; turned into an argv by core/buildx/argv.ts. */
export interface BuildSpecification {
  /** Absolute path. */
  readonly contextDirectory: string
  /** Absolute path. */
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
}

/** One image: where it goes, under which names, and how it comes to be. */
export interface ImagePlan {
  readonly repository: Repository
  /** The commit that the image is of. */
  readonly commit: string
  readonly version: string
  /** Names that mean these very bytes for ever; the first is the one that the build pushes. */
  readonly identityTags: readonly [string, ...string[]]
  /** Names that go from image to image; put on last, and never back to an older version. */
  readonly movingTags: readonly string[]
  readonly build: BuildSpecification
  readonly builder: BuilderInputs
  /** Hash of everything that decides the content; equal fingerprint and commit prove sameness. */
  readonly fingerprint: string
  /** The image that is there already and proven the same: nothing is built. */
  readonly existing: PushedImage | undefined
  /** Why it is built, or why not: one clause for the log and the plan. */
  readonly reason: string
}
