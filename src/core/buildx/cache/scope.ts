import { createHash } from 'node:crypto'
import { canonicalJson } from '../../image/fingerprint.ts'
import type { Platform } from '../../image/platform.ts'

/** What tells one build's cache from another's: what is built, and not where it goes. */
export interface CachedBuild {
  /** As it was given: a folder, or a URL. */
  readonly context: string
  readonly file: string | undefined
  readonly target: string | undefined
  /** Those that one call of buildx builds. */
  readonly platforms: readonly Platform[]
}

/**
 * The name of a branch's cache: a tag of a cache repository, a scope of GitHub's, a name in S3. A cache is
 * overwritten as a whole (docker/buildx, docker/build-push-action#1087): builds of other platforms,
 * targets, Dockerfiles or branches never share a name, nor do two repositories of GitHub. One call that builds several platforms writes one
 * cache for them all; a job that builds one of them has a cache of its own.
 */
export function cacheScope(repository: string, branch: string, build: CachedBuild): string {
  const { context, file = null, target = null } = build
  const identity = [repository, branch, context, file, target, [...build.platforms].sort()]
  const hash = createHash('sha256').update(canonicalJson(identity)).digest('hex')
  const readable = branch.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 80)
  return `cache-${readable}-${hash.slice(0, 16)}`
}
