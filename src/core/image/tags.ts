import semver from 'semver'
import { objectAt, stringAt } from '../json.ts'
import { pushedTag, type RunContext } from '../run-context.ts'

/** What an image is called: the commit it is of, its version, and the tags that mean it for ever. */
export interface ImageIdentity {
  /** 40 hex digits. */
  readonly commit: string
  /** The version of a tag push, else the commit. */
  readonly version: string
  /** `sha-<commit>`, then the full version where the run has one. */
  readonly identityTags: readonly [string, ...string[]]
}

/**
 * The identity of a run's image: `type=sha,format=long` and `type=semver,pattern={{version}}` of
 * docker/metadata-action. Prereleases have a version too; a tag that is no semantic version has none.
 */
export function identifyImage(context: RunContext): ImageIdentity {
  const commit = commitOf(context)
  const version = pushedVersion(context)
  return version === undefined
    ? { commit, version: commit, identityTags: [commitTag(commit)] }
    : { commit, version, identityTags: [commitTag(commit), version] }
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
  return semver.parse(text.replaceAll('/', '-'))?.version
}

function pushedVersion(context: RunContext): string | undefined {
  const tag = pushedTag(context)
  return tag === undefined ? undefined : imageVersion(tag)
}

/** A pull request runs on a merge commit that nobody will find again; its head is what is meant. */
function commitOf(context: RunContext): string {
  if (context.eventName !== 'pull_request') return context.sha
  return stringAt(objectAt(objectAt(context.event, 'pull_request'), 'head'), 'sha') ?? context.sha
}
