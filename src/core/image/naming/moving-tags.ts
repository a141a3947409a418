import { ActionError } from '../../errors/action-error.ts'
import { shortDigest, type Digest } from '../digest.ts'
import { factsOfImage, type RegistryImage } from '../content/registry-image.ts'
import type { RepositoryCreation } from '../repository/repository-settings.ts'
import { repositoryUri, type Repository } from '../repository/repository.ts'
import type { RepositoryFacts } from '../repository/repository-facts.ts'
import type { ImageIdentity } from './tags.ts'
import { isImmutable, type TagMutability } from '../repository/tag-mutability.ts'
import { versionSchemes, type VersionSchemeName } from './version.ts'

/** The most exclusion filters that ECR takes (PutImageTagMutability). */
const maxFilters = 5

/**
 * Refuses a moving tag that the repository keeps from moving: one that names another image, and one
 * that is free, where later images are sure to get it as well.
 * @param digest The image that is to get it; undefined where it is yet to be built.
 * @throws ActionError `tag-immutable`, with the command that exempts all such tags.
 */
export function refuseFixedTags(
  { movingTags, recurringTags }: Pick<ImageIdentity, 'movingTags' | 'recurringTags'>,
  { repository, mutability, taken, creation }: RepositoryFacts,
  digest: Digest | undefined,
): void {
  const fixed = movingTags.filter((tag) => {
    if (!isImmutable(tag, mutability)) return false
    const owner = taken.get(tag)
    return owner === undefined ? recurringTags.includes(tag) : owner !== digest
  })
  const [first] = fixed
  if (first === undefined) return
  const owner = taken.get(first)
  const what =
    owner === undefined
      ? 'would name this image for good: the repository keeps it from moving'
      : `names ${shortDigest(owner)} and is immutable`
  const remedy =
    creation === undefined
      ? remedyFor(fixed, repository, mutability)
      : remedyBefore(fixed, creation)
  throw new ActionError(
    'tag-immutable',
    `moving tag "${first}" of "${repositoryUri(repository)}" ${what}`,
    `${remedy}, or leave the tag out of \`tags\`; nothing was built.`,
  )
}

function remedyFor(
  fixed: readonly string[],
  { name, registry }: Repository,
  { tagMutability, exclusionFilters }: TagMutability,
): string {
  if (tagMutability === 'MUTABLE_WITH_EXCLUSION') {
    return `Take the exclusion filters that match ${fixed.join(', ')} from the repository`
  }
  const filters = [...exclusionFilters, ...fixed]
  if (filters.length > maxFilters) {
    return `Add exclusion filters for ${fixed.join(', ')} to the repository (${maxFilters} at most: use wildcards)`
  }
  const all = filters.map((filter) => `filterType=WILDCARD,filter='${filter}'`).join(' ')
  return `Add the exclusion filter (aws ecr put-image-tag-mutability --repository-name ${name} --region ${registry.region} --image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters ${all})`
}

/** Of a repository that this run makes. */
function remedyBefore(fixed: readonly string[], creation: RepositoryCreation): string {
  const tags = fixed.join(', ')
  return creation.kind === 'template'
    ? `Let the creation template "${creation.prefix}" keep ${tags} movable`
    : `Let \`tag-mutability\` and \`exclusion-filters\` in \`repository-settings\` keep ${tags} movable`
}

/**
 * The highest version that an image is known by: what it says itself, and its version tags.
 * @param tags Tags of the image.
 * @param like How a tag is written that means a version, and how versions are ordered: `app-1.2.3`
 * finds the version in `app-2.0.0`.
 */
export function highestVersion(
  image: RegistryImage,
  tags: readonly string[],
  like: Pick<ImageIdentity, 'identityTags' | 'version' | 'versionScheme'>,
): string | undefined {
  if (like.versionScheme === undefined) return undefined
  const scheme = versionSchemes[like.versionScheme]
  const own = like.identityTags.find((tag) => tag.includes(like.version)) ?? like.version
  const at = own.indexOf(like.version)
  // A `v` is part of a version however it is written.
  const before = own.slice(0, at).replace(/v$/, '')
  const after = own.slice(at + like.version.length)
  const inner = tags.flatMap((tag) =>
    tag.startsWith(before) && tag.endsWith(after)
      ? tag.slice(before.length, tag.length - after.length)
      : [],
  )
  // To PEP 440 a number alone is a version; as a tag it is a date or a count, unless ours are so.
  const isVersion = (tag: string) => tag.includes('.') || !like.version.includes('.')
  const texts = [factsOfImage(image).version ?? '', ...inner.filter(isVersion)]
  const versions = texts.flatMap((text) => scheme.read(text) ?? [])
  return versions.toSorted((a, b) => scheme.compare(b, a))[0]
}

/**
 * Whether a tag would go back. Where either image has no version there is no back.
 * @param current As {@link highestVersion} gives it for the same scheme.
 */
export function isBackwards(
  version: string,
  current: string | undefined,
  scheme: VersionSchemeName | undefined,
): boolean {
  if (scheme === undefined || current === undefined) return false
  return versionSchemes[scheme].compare(version, current) < 0
}
