import type { EcrHost } from '../../image/repository/repository.ts'
import type { BuiltImagePlan } from '../../plan/image/image-plan.ts'

/** The registries besides the image's own that a build needs a login for: that of its cache. */
export function cacheHosts({ cacheHost, repository }: BuiltImagePlan): readonly EcrHost[] {
  return cacheHost === undefined || cacheHost.host === repository.registry.host ? [] : [cacheHost]
}
