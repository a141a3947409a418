import type { ImageHome } from '../../image/image.ts'
import type { Platform } from '../../image/platform.ts'

/** What is known of the image before it is built or found. */
export interface ImageTarget extends ImageHome {
  readonly platforms: readonly Platform[]
  /** Where tasks pull it, which decides between copies; absent: not known. */
  readonly region?: string
}

/** What this run deploys, before it is built: an image, those of bake targets by name, or none. */
export type PlannedImages =
  ImageTarget | { readonly targets: ReadonlyMap<string, ImageTarget> } | undefined
