import { InputErrors } from '../../errors/action-error.ts'
import { pushedTag, type RunContext } from '../../run-context.ts'
import { parseSemanticVersion } from './tag-rules/candidate.ts'
import { evaluateTags, movableTags } from './tag-rules/evaluate.ts'
import { commitOf, tagFactsOf } from './tag-rules/tag-facts.ts'
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
  /** Rules that give nothing although they had something to work on, each with the reason. */
  readonly notes: readonly string[]
}

/**
 * The names of a run's image by the user's rules.
 * @throws InputErrors where a rule cannot be carried out, or none gives a tag.
 */
export function identifyImage(context: RunContext, rules: TagRules, now: Date): ImageIdentity {
  const { identity, moving, problems, ...found } = evaluateTags(rules, tagFactsOf(context, now))
  if (problems.length > 0) throw new InputErrors(problems)
  if (identity.length + moving.length === 0) throw withoutTag(context)
  const commit = commitOf(context)
  const read = found.version ?? pushedVersion(context)
  const { movingTags, notes } = movableTags(moving, read)
  return {
    commit,
    version: read?.version ?? commit,
    versionScheme: read?.scheme,
    identityTags: identity,
    movingTags,
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

function withoutTag(context: RunContext): InputErrors {
  const message =
    `give no tag on ${context.eventName} of ${context.ref}; ` +
    'add the line `type=sha,format=long`, which gives one in every run'
  return new InputErrors([{ input: 'tags', message }])
}
