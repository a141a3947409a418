import type { RunContext } from '../../run-context.ts'
import type { ImageIdentity } from '../../image/naming/tags.ts'
import { isRepositoryName, type RepositoryReference } from '../../image/repository/repository.ts'

/**
 * How an image is called in the job's Docker engine: as in its repository, with its first tag. Where no
 * repository is given, it is called like the one of the sources.
 */
export function loadName(
  { identityTags, movingTags }: Pick<ImageIdentity, 'identityTags' | 'movingTags'>,
  repository: RepositoryReference | undefined,
  { repository: sources }: Pick<RunContext, 'repository'>,
): string {
  const registry = repository?.host === undefined ? '' : `${repository.host.host}/`
  const [tag] = [...identityTags, ...movingTags]
  return `${registry}${repository?.name ?? nameOf(sources)}:${tag ?? 'latest'}`
}

/** GitHub takes more in a name than Docker does. */
function nameOf(sources: string): string {
  const name = sources.slice(sources.indexOf('/') + 1).toLowerCase()
  if (isRepositoryName(name)) return name
  const plain = name.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  return isRepositoryName(plain) ? plain : 'image'
}
