import { InputErrors } from '../../errors/action-error.ts'
import { isDigest, type Digest } from '../digest.ts'
import { parseRepositoryReference, type RepositoryReference } from '../repository/repository.ts'
import { commitTag, imageVersion } from './tags.ts'

/** What `image` means: one digest, or the tags under which it may be found. */
export type ImageQuery =
  | { readonly repository: RepositoryReference; readonly digest: Digest }
  | {
      readonly repository: RepositoryReference
      readonly tags: readonly string[]
      /** Given where the text may be a short commit: tags of longer commits fit, too. */
      readonly commitPrefix: string | undefined
    }

/**
 * Reads `sha256:…`, `host/name@sha256:…`, `host/name:tag`, a tag, a full or short commit, or a version.
 * @throws InputErrors where no repository is named, or another than `reference`.
 */
export function parseImageQuery(
  text: string,
  reference: RepositoryReference | undefined,
): ImageQuery {
  if (isDigest(text)) return { repository: required(text, reference), digest: text }
  if (!text.includes('/')) {
    const repository = required(text, reference)
    const commitPrefix = /^[0-9a-f]{7,39}$/.test(text) ? text : undefined
    return { repository, tags: tagsMeantBy(text), commitPrefix }
  }
  const [, name = '', tag, digest] = /^([^@:]+)(?::([^@]+))?(?:@(.+))?$/.exec(text) ?? []
  const repository = parseRepositoryReference(name)
  if (repository === undefined || (isForeign(repository) && reference?.name !== name)) {
    throw wrong(text, 'is not a reference to an ECR image')
  }
  if (reference !== undefined && !isSame(repository, reference)) {
    throw wrong(text, `is not in repository "${reference.name}", which \`repository\` names`)
  }
  const place = reference ?? repository
  if (digest !== undefined) {
    if (isDigest(digest)) return { repository: place, digest }
    throw wrong(text, 'ends with something that is no sha256 digest')
  }
  if (tag === undefined) throw wrong(text, 'names neither a tag nor a digest')
  if (!/^\w[\w.-]{0,127}$/.test(tag)) throw wrong(text, 'ends with something that is no tag')
  return { repository: place, tags: [tag], commitPrefix: undefined }
}

/** What docker would take for the host of another registry, although ECR takes it in a name. */
function isForeign({ host, name }: RepositoryReference): boolean {
  return host === undefined && /^[^/]*\.[^/]*\//.test(name)
}

/** The tags that mean a whole commit; shorter ones may be another's. */
export function tagsOfCommit(commit: string): readonly string[] {
  return [commitTag(commit), commit]
}

function tagsMeantBy(text: string): readonly string[] {
  const commit = /^[0-9a-f]{7,40}$/.test(text) ? [commitTag(text)] : []
  const version = imageVersion(text)
  return [...new Set([text, ...commit, ...(version === undefined ? [] : [version])])]
}

function required(text: string, reference: RepositoryReference | undefined): RepositoryReference {
  if (reference !== undefined) return reference
  throw wrong(text, 'needs `repository`, or a reference with host and name')
}

function isSame(one: RepositoryReference, other: RepositoryReference): boolean {
  const hosts = [one.host?.host, other.host?.host].filter((host) => host !== undefined)
  return one.name === other.name && new Set(hosts).size <= 1
}

function wrong(value: string, message: string): InputErrors {
  return new InputErrors([{ input: 'image', value, message }])
}
