import type { Builder } from '../../core/buildx/builder/builder.ts'
import { isInline } from '../../core/buildx/cache/cache-kinds.ts'
import { isShared } from '../../core/buildx/cache/divide-caches.ts'
import type { Platform } from '../../core/image/platform.ts'
import type { Ports } from '../../ports/ports.ts'

/** Says so where the nodes of a builder will overwrite each other's cache. */
export function warnOfSharedCaches(
  builder: Builder,
  platforms: readonly Platform[],
  cacheTo: readonly string[],
  { report }: Pick<Ports, 'report'>,
): void {
  if (!isShared(builder, { platforms }) || cacheTo.every(isInline)) return
  report.warning(
    `the nodes of builder ${builder.name} write one cache name, so the last to finish overwrites the others; with \`cache\`, and without bake, each platform has its own`,
  )
}
