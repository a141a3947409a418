import { ActionError } from '../../errors/action-error.ts'
import {
  isSameRepository,
  repositoryUri,
  type EcrHost,
  type Repository,
} from '../../image/repository/repository.ts'
import { isImmutable } from '../../image/repository/tag-mutability.ts'
import type { RunContext } from '../../run-context.ts'
import { csvFields } from '../csv-fields.ts'
import { cacheAccess, type CacheAccess } from './access.ts'
import type { PlatformCache } from './platform-cache.ts'
import { cacheScope, type CachedBuild } from './scope.ts'
import type { CacheStore } from './store.ts'

/** The caches of one build. */
export interface CachePlan {
  /** Values of `--cache-from`. */
  readonly from: readonly string[]
  /** Values of `--cache-to`. None of them fails an image that is pushed. */
  readonly to: readonly string[]
  /** The registry that holds them. */
  readonly host: EcrHost | undefined
}

/** The image that a cache is of. */
export interface CachedImage extends CachedBuild {
  /** Where it is pushed; undefined: nowhere. */
  readonly repository: Repository | undefined
  /** Names under which earlier images of its kind are found. */
  readonly movingTags: readonly string[]
}

/**
 * Decides which caches a build reads and writes (see {@link cacheAccess}).
 * @throws ActionError `invalid-inputs` where the cache would be among the images, `tag-immutable`
 * where the cache could be written once and never again.
 */
export function planCache(store: CacheStore, image: CachedImage, context: RunContext): CachePlan {
  const access = cacheAccess(context)
  const scopeOf = (branch: string) => cacheScope(context.repository, branch, image)
  const scopes = access.reads.map(scopeOf)
  const written = access.writes === undefined ? undefined : scopeOf(access.writes)
  switch (store.kind) {
    case 'off':
      return { from: [], to: [], host: undefined }
    case 'inline':
      return planInline(image)
    case 'gha':
      // Runs of strangers' pull requests (pull_request_target) write the default branch's cache.
      return access.isRelease
        ? { from: [], to: [], host: undefined }
        : planFields(['type=gha'], 'scope', scopes, written)
    case 's3': {
      const { bucket, prefix } = store.location
      const folder = prefix === '' ? [] : [`prefix=${prefix}/`]
      const place = ['type=s3', `region=${store.region}`, `bucket=${bucket}`, ...folder]
      return planFields(place, 'name', scopes, written)
    }
    case 'registry':
      return planRegistry(store, image, scopes, written)
  }
}

/**
 * The same of each platform by itself, under names that are also those of a job that builds it alone;
 * empty where no name is written by several.
 * @throws ActionError as {@link planCache}.
 */
export function planPlatformCaches(
  store: CacheStore,
  image: CachedImage,
  context: RunContext,
): readonly PlatformCache[] {
  if (image.platforms.length < 2 || store.kind === 'off' || store.kind === 'inline') return []
  return image.platforms.map((platform) => {
    const { from, to } = planCache(store, { ...image, platforms: [platform] }, context)
    return { platform, from, to }
  })
}

/** One clause for the log: which branches' caches are read and written; empty where it is off. */
export function describeCache(store: CacheStore, context: RunContext): string {
  const access = cacheAccess(context)
  if (store.kind === 'off') return ''
  if (store.kind === 'inline') return 'inline, in the image itself'
  if (store.kind === 'gha' && access.isRelease) {
    return "off for a release, because runs of others can write GitHub's cache"
  }
  return `${placeOf(store)}: reads ${namesOf(access.reads)}, writes ${namesOf(writtenBy(access))}`
}

function writtenBy({ writes }: CacheAccess): readonly string[] {
  return writes === undefined ? [] : [writes]
}

function namesOf(branches: readonly string[]): string {
  return branches.length === 0 ? 'none' : branches.map((branch) => `"${branch}"`).join(' and ')
}

function placeOf(store: Exclude<CacheStore, { kind: 'off' | 'inline' }>): string {
  switch (store.kind) {
    case 'gha':
      return "GitHub's cache"
    case 's3':
      return `s3://${[store.location.bucket, store.location.prefix].filter(Boolean).join('/')}`
    case 'registry':
      return repositoryUri(store.repository)
  }
}

function planFields(
  place: readonly string[],
  key: string,
  scopes: readonly string[],
  written: string | undefined,
): CachePlan {
  return {
    from: scopes.map((scope) => csvFields([...place, `${key}=${scope}`])),
    to: written === undefined ? [] : [csvFields([...place, `${key}=${written}`, ...exportFields])],
    host: undefined,
  }
}

/** Every step, not only those of the last stage; and an image is not lost with its cache. */
const exportFields = ['mode=max', 'ignore-error=true']

/** ECR takes a cache only as an OCI image manifest, BuildKit's default since 0.21 (moby/buildkit#5892). */
const ecrFields = ['image-manifest=true', 'oci-mediatypes=true']

function planRegistry(
  { repository, mutability }: Extract<CacheStore, { kind: 'registry' }>,
  image: CachedImage,
  scopes: readonly string[],
  written: string | undefined,
): CachePlan {
  const uri = repositoryUri(repository)
  if (image.repository !== undefined && isSameRepository(repository, image.repository)) {
    throw new ActionError(
      'invalid-inputs',
      `cache-repository: "${uri}" is \`repository\` itself`,
      'Name a repository of its own for caches: their tags move, and their manifests are no images.',
    )
  }
  if (written !== undefined && isImmutable(written, mutability))
    throw immutable(repository, written)
  const to = (tag: string) =>
    csvFields(['type=registry', `ref=${uri}:${tag}`, 'mode=max', ...ecrFields, 'ignore-error=true'])
  return {
    from: scopes.map((tag) => csvFields(['type=registry', `ref=${uri}:${tag}`])),
    to: written === undefined ? [] : [to(written)],
    host: repository.registry,
  }
}

function immutable({ name, registry }: Repository, tag: string): ActionError {
  return new ActionError(
    'tag-immutable',
    `cache-repository: "${registry.host}/${name}" keeps tag "${tag}" from moving, and every build moves the tag of its cache`,
    `Make its tags mutable (aws ecr put-image-tag-mutability --repository-name ${name} --region ${registry.region} --image-tag-mutability MUTABLE); nothing was built.`,
  )
}

/** What the image has of its last stage; the next build finds it by the names that move. */
function planInline({ repository, movingTags }: CachedImage): CachePlan {
  const uri = repository && repositoryUri(repository)
  return {
    from: (uri === undefined ? [] : movingTags).map((tag) =>
      csvFields(['type=registry', `ref=${uri}:${tag}`]),
    ),
    to: uri === undefined ? [] : ['type=inline'],
    host: undefined,
  }
}
