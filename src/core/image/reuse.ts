import { ActionError } from '../errors/action-error.ts'
import type { SkipExisting } from '../inputs/inputs.ts'
import { shortDigest, type Digest } from './digest.ts'
import { obstaclesOf } from './annotations.ts'
import type { Platform } from './platform.ts'
import { factsOfImage, toldByAny, type RegistryImage } from './content/registry-image.ts'
import { isImmutable, type TagMutability } from './repository/tag-mutability.ts'
import { missingPlatforms } from './content/verify.ts'

/** What an image must be to stand in for the build, and when that is asked. */
export interface ReuseQuestion {
  /** `host/name`, for messages. */
  readonly repositoryUri: string
  readonly mutability: TagMutability
  readonly identityTags: readonly string[]
  /** What each identity tag names now; a tag without an entry is free. */
  readonly existing: ReadonlyMap<string, RegistryImage>
  readonly commit: string
  readonly fingerprint: string
  readonly platforms: readonly Platform[]
  readonly skipExisting: SkipExisting
  readonly runAttempt: number
  /** Why nothing there stands in for what is asked (`no-cache is set`); empty: equal facts do. */
  readonly obstacles: readonly string[]
  /** Of what would be put there, where that is known: the very same bytes need no further proof. */
  readonly digest?: Digest
}

export type ReuseDecision =
  /** `tags`: the identity tags that name the image already; the others are to be added. */
  | { readonly kind: 'reuse'; readonly image: RegistryImage; readonly tags: readonly string[] }
  | { readonly kind: 'build'; readonly reason: string }
  | { readonly kind: 'refuse'; readonly error: ActionError }

/**
 * Whether the registry has the image already. It does where every identity tag that is taken names
 * one index with all platforms, this commit and this fingerprint, and nothing keeps these from
 * proving the content of either: neither what is asked, nor what the image says of its own build. A
 * free identity tag is no obstacle: a release tag that is put on a commit built before gets the
 * bytes built then.
 */
export function decideReuse(question: ReuseQuestion): ReuseDecision {
  if (question.identityTags.length === 0) {
    return { kind: 'build', reason: 'it gets no tag by which a build of this commit is known' }
  }
  const taken = question.identityTags.filter((tag) => question.existing.has(tag))
  const [first] = taken
  const image = first === undefined ? undefined : question.existing.get(first)
  if (image === undefined) return { kind: 'build', reason: 'no image of this commit is there yet' }
  if (question.skipExisting === 'false') {
    return { kind: 'build', reason: 'skip-existing is false' }
  }
  const isVery = image.digest === question.digest
  const unproven = isVery ? [] : [...question.obstacles, ...ownObstacles(image)]
  const differences = [...unproven, ...differencesOf(question, image, taken)]
  if (differences.length > 0) return refuseOrBuild(question, taken, differences)
  return isVery || isAsked(question)
    ? { kind: 'reuse', image, tags: taken }
    : { kind: 'build', reason: 'its tag is mutable and this is the first attempt of the run' }
}

/** What the image that is there says of why its facts do not tell its content. */
function ownObstacles(image: RegistryImage): readonly string[] {
  const told = toldByAny([image], obstaclesOf)
  return told.length === 0 ? [] : [`the image that is there was built with: ${told.join(', ')}`]
}

function isAsked(question: ReuseQuestion): boolean {
  if (question.skipExisting === 'true' || question.runAttempt > 1) return true
  return question.identityTags.every((tag) => isImmutable(tag, question.mutability))
}

/** What keeps the taken tags from being proven the same, in words that name both sides. */
function differencesOf(
  question: ReuseQuestion,
  image: RegistryImage,
  taken: readonly string[],
): readonly string[] {
  const elsewhere = taken.filter((tag) => question.existing.get(tag)?.digest !== image.digest)
  const absent = missingPlatforms(image, question.platforms)
  const facts = factsOfImage(image)
  return [
    ...elsewhere.map((tag) => `the tag "${tag}" names another image`),
    ...absent.map((platform) => `it has no ${platform}`),
    ...unequal('commit', facts.commit, question.commit),
    ...unequal('fingerprint of build inputs', facts.fingerprint, question.fingerprint),
  ]
}

function unequal(what: string, actual: string | undefined, wanted: string): readonly string[] {
  if (actual === wanted) return []
  return actual === undefined
    ? [`it tells no ${what}`]
    : [`its ${what} is ${actual.slice(0, 12)}, not ${wanted.slice(0, 12)}`]
}

function refuseOrBuild(
  question: ReuseQuestion,
  taken: readonly string[],
  differences: readonly string[],
): ReuseDecision {
  const reason = differences.join('; ')
  const tag = taken.find((candidate) => isImmutable(candidate, question.mutability))
  const image = tag === undefined ? undefined : question.existing.get(tag)
  if (tag === undefined || image === undefined) return { kind: 'build', reason }
  const error = new ActionError(
    'reuse-refused',
    `immutable tag "${tag}" of "${question.repositoryUri}" holds ${shortDigest(image.digest)}, which is not proven to be this build: ${reason}`,
    'Build another commit, or deploy the image that is there with `mode: deploy` and ' +
      `\`image: ${tag}\`; nothing was built.`,
  )
  return { kind: 'refuse', error }
}
