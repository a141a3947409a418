import { InputErrors } from '../../errors/action-error.ts'
import { pushedTag, type RunContext } from '../../run-context.ts'
import type { HeadCommit } from './run-commit.ts'
import { parseSemanticVersion } from './tag-rules/candidate.ts'
import { evaluateTags, movableTags } from './tag-rules/evaluate.ts'
import { tagFactsOf } from './tag-rules/tag-facts.ts'
import type { TagRules } from './tag-rules/tag-rule.ts'
import type { SchemedVersion, VersionSchemeName } from './version.ts'

/** What an image is called: the commit it is of, its version, and its tags. */
export interface ImageIdentity {
  /** 40 hex digits. */
  readonly commit: string
  /** The full version where a rule or the pushed tag has one, else the commit. */
  readonly version: string
  /** How versions like it are ordered; undefined where `version` is the commit. */
  readonly versionScheme: VersionSchemeName | undefined
  /** Tags that mean this image for ever: the commit's first, then full versions. May be empty. */
  readonly identityTags: readonly string[]
  /** Tags that name one image after the other; none of them is an identity tag. */
  readonly movingTags: readonly string[]
  /** Those of the moving tags that later images are sure to get as well: `latest`, `1.2`, a branch. */
  readonly recurringTags: readonly string[]
  /** The prerelease that the image is, which is why no moving tag goes to it. */
  readonly prerelease: string | undefined
  /** Rules that give nothing although they had something to work on, each with the reason. */
  readonly notes: readonly string[]
}

/**
 * The names of a run's image by the user's rules.
 * @param head What is built, where that is known.
 * @throws InputErrors where a rule cannot be carried out, or none gives a tag.
 */
export function identifyImage(
  context: RunContext,
  rules: TagRules,
  now: Date,
  head?: HeadCommit,
): ImageIdentity {
  const facts = tagFactsOf(context, now, { head, shortShaLength: rules.shortShaLength })
  const found = evaluateTags(rules, facts)
  if (found.problems.length > 0) throw new InputErrors(found.problems)
  const { commit } = facts
  const read = found.version ?? found.prerelease ?? pushedVersion(context)
  const prerelease =
    found.prerelease?.version ??
    (facts.isMarkedPrerelease ? (read?.version ?? facts.tag) : undefined)
  const { movingTags, notes } = movableTags(found.moving, { commit, prerelease })
  if (found.identity.length + movingTags.length === 0) {
    throw withoutTag(context, found.moving.length > 0 ? prerelease : undefined, found.notes)
  }
  return {
    commit,
    version: read?.version ?? commit,
    versionScheme: read?.scheme,
    identityTags: found.identity,
    movingTags,
    recurringTags: found.recurring.filter((tag) => movingTags.includes(tag)),
    prerelease,
    notes: [...found.notes, ...notes],
  }
}

/** The tag under which the image of a commit is found. */
export function commitTag(commit: string): string {
  return `sha-${commit}`
}

/**
 * A semantic version as an image tag: without the leading `v` and without build metadata, whose
 * `+` no registry takes.
 * @returns undefined where `text` is no semantic version.
 */
export function imageVersion(text: string): string | undefined {
  return parseSemanticVersion(text)?.version
}

function pushedVersion(context: RunContext): SchemedVersion | undefined {
  const version = imageVersion(pushedTag(context) ?? '')
  return version === undefined ? undefined : { version, scheme: 'semver' }
}

/**
 * @param prerelease What got none of the moving tags; undefined: there were none.
 * @param notes Why single rules gave none.
 */
function withoutTag(
  context: RunContext,
  prerelease: string | undefined,
  notes: readonly string[],
): InputErrors {
  const why =
    prerelease === undefined
      ? `give no tag on ${context.eventName} of ${context.ref}`
      : `give prerelease ${prerelease} no tag but moving ones, which it does not get`
  const reasons = notes.map((note) => ` (${note.replace(/^tags: /, '')})`).join('')
  const message = `${why}${reasons}; add the line \`type=sha,format=long\`, which gives one in every run`
  return new InputErrors([{ input: 'tags', message }])
}
