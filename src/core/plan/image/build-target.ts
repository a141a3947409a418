import type { BuildTarget } from '../../buildx/argv.ts'
import { repositoryUri } from '../../image/repository/repository.ts'
import type { BuiltImagePlan } from './image-plan.ts'

/** Where the build pushes to: under the first identity tag, by digest where there is none. */
export function buildTargetOf({
  repository,
  identityTags: [tag],
}: Pick<BuiltImagePlan, 'repository' | 'identityTags'>): BuildTarget {
  const uri = repositoryUri(repository)
  return tag === undefined
    ? { kind: 'push-by-digest', repositoryUri: uri }
    : { kind: 'push', reference: `${uri}:${tag}` }
}
