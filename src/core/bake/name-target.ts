import { movableTags } from '../image/naming/tag-rules/evaluate.ts'
import { recursAsWritten } from '../image/naming/tag-rules/template.ts'
import {
  isRepositoryName,
  parseRepositoryReference,
  type RepositoryReference,
} from '../image/repository/repository.ts'
import type { ImageIdentity } from '../image/naming/tags.ts'
import { stringsAt } from '../json.ts'
import type { BakeTarget } from './definition.ts'

/** Where the image of a target goes, and what it is called there. */
export interface NamedTarget {
  readonly target: BakeTarget
  readonly repository: RepositoryReference
  readonly identity: ImageIdentity
}

/** Why a target has no names that we can give it: one clause. */
export interface Nameless {
  readonly refusal: string
}

/**
 * A target's own tags win, and all of them are of one ECR repository; without any it goes to the
 * repository of its own name, at the host of `repository`, under the names that the rules give.
 * @param repository The source that the inputs name; undefined: none.
 */
export function nameTarget(
  target: BakeTarget,
  rules: ImageIdentity,
  repository: RepositoryReference | undefined,
): NamedTarget | Nameless {
  const tags = stringsAt(target.members, 'tags').filter((tag) => tag !== '')
  if (tags.length > 0) return namedBy(tags, target, rules)
  if (repository === undefined) {
    return { refusal: 'has no tags, and `repository`, whose host it would go to, is missing' }
  }
  if (!isRepositoryName(target.name)) {
    return { refusal: 'has no tags, and its name is none that ECR takes for a repository' }
  }
  const { host } = repository
  return { target, repository: { name: target.name, ...(host && { host }) }, identity: rules }
}

function namedBy(
  tags: readonly string[],
  target: BakeTarget,
  rules: ImageIdentity,
): NamedTarget | Nameless {
  const parsed = tags.map((text) => ({ text, ...parseTag(text) }))
  const foreign = parsed.find(({ repository }) => repository?.host === undefined)
  if (foreign !== undefined) return { refusal: `tag "${foreign.text}" is in no ECR registry` }
  const repositories = new Map(parsed.map(({ uri, repository }) => [uri, repository]))
  const [repository, ...others] = [...repositories.values()]
  if (repository === undefined || others.length > 0) {
    return { refusal: `has tags in several repositories: ${[...repositories.keys()].join(', ')}` }
  }
  const names = [...new Set(parsed.map(({ tag }) => tag))]
  const identityTags = names.filter((name) => isIdentity(name, rules))
  const moving = names.filter((name) => !identityTags.includes(name))
  const { movingTags, notes } = movableTags(moving, rules)
  if (identityTags.length + movingTags.length === 0) {
    return {
      refusal: `has moving tags alone, and prerelease ${rules.prerelease ?? ''} gets none of them; give it a tag that holds the commit or the version`,
    }
  }
  const recurringTags = movingTags.filter(recursAsWritten)
  const identity = { ...rules, identityTags, movingTags, recurringTags, notes }
  return { target, repository, identity }
}

/** Docker reads `host/name` as `host/name:latest`. */
function parseTag(text: string): {
  readonly uri: string
  readonly tag: string
  readonly repository: RepositoryReference | undefined
} {
  const [, uri = text, tag = 'latest'] = /^(.*?)(?::([\w][\w.-]{0,127}))?$/.exec(text) ?? []
  return { uri, tag, repository: parseRepositoryReference(uri) }
}

/** A name that holds the whole commit or the full version means these very bytes. */
function isIdentity(tag: string, { commit, version }: ImageIdentity): boolean {
  if (tag.includes(commit)) return true
  const at = tag.indexOf(version)
  const before = tag.slice(0, Math.max(0, at)).replace(/v$/, '')
  const after = tag.slice(at + version.length)
  // `1.2.3` is not in `11.2.3` and not in `1.2.30`.
  return at >= 0 && !/[\w.]$/.test(before) && !/^[\w.]/.test(after)
}
