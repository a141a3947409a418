import type { ImageIdentity } from '../../image/naming/tags.ts'
import type { ImagePlan } from './image-plan.ts'

/** What an image is called, as its plan carries it. */
export function namesOf({
  commit,
  version,
  versionScheme,
  identityTags,
  movingTags,
}: ImageIdentity): Pick<
  ImagePlan,
  'commit' | 'version' | 'versionScheme' | 'identityTags' | 'movingTags'
> {
  return { commit, version, versionScheme, identityTags, movingTags }
}
