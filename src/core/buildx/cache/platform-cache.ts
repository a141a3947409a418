import type { Platform } from '../../image/platform.ts'

/** The caches of one platform of a build. */
export interface PlatformCache {
  readonly platform: Platform
  /** Values of `--cache-from`. */
  readonly from: readonly string[]
  /** Values of `--cache-to`. */
  readonly to: readonly string[]
}
