import {
  parseRepositoryReference,
  type RepositoryReference,
} from '../../image/repository/repository.ts'
import type { InputReader } from '../reader.ts'

const presets = ['off', 'auto', 'registry', 'gha', 's3', 'inline'] as const
type Preset = (typeof presets)[number]

/** A folder of a bucket. */
export interface S3Location {
  readonly bucket: string
  /** Without slashes around it; empty: the whole bucket. */
  readonly prefix: string
}

/** Where `cache` keeps what builds leave to each other; `auto` is what `cache-repository` is. */
export type CacheInputs =
  | { readonly kind: 'off' }
  | { readonly kind: 'registry'; readonly repository: RepositoryReference }
  | { readonly kind: 's3'; readonly location: S3Location }
  /** GitHub's cache service. */
  | { readonly kind: 'gha' }
  /** In the image itself. */
  | { readonly kind: 'inline' }

const off: CacheInputs = { kind: 'off' }

/**
 * Reads `cache` and `cache-repository`. Where caches are written out in `cache-from` or `cache-to`,
 * those win and this one is off.
 * @param release Where the image itself goes; its cache is never kept there, because cache tags move.
 */
export function readCache(
  reader: InputReader,
  release: RepositoryReference | undefined,
): CacheInputs {
  const preset = reader.choice('cache', presets)
  const place = reader.text('cache-repository')
  if (preset === 'off' || isOverruled(reader)) return off
  if (preset === 'gha' || preset === 'inline') return { kind: preset }
  if (place === undefined) {
    reader.reject('cache-repository', `is missing; \`cache: ${preset}\` keeps its cache there`)
    return off
  }
  const cache = parsePlace(place)
  const problem = faultOf(cache, preset, release)
  if (problem !== undefined) reader.reject('cache-repository', problem)
  return cache ?? off
}

/** What is to be said about a cache input that another one makes useless. */
export function cacheNotices(reader: InputReader): readonly string[] {
  const preset = reader.text('cache') ?? 'off'
  if (preset !== 'off' && isOverruled(reader)) {
    return [`cache: off, because \`cache-from\` or \`cache-to\` says which caches are used`]
  }
  const needless = preset === 'off' || preset === 'gha' || preset === 'inline'
  return needless && reader.given('cache-repository')
    ? [`cache-repository: has no effect with \`cache: ${preset}\``]
    : []
}

function isOverruled(reader: InputReader): boolean {
  return reader.given('cache-from') || reader.given('cache-to')
}

function parsePlace(text: string): CacheInputs | undefined {
  if (text.startsWith('s3://')) {
    const location = parseS3Location(text)
    return location && { kind: 's3', location }
  }
  const repository = parseRepositoryReference(text)
  return repository && { kind: 'registry', repository }
}

/** `s3://bucket/prefix`; bucket names as CreateBucket takes them (S3 user guide, bucket naming rules). */
function parseS3Location(text: string): S3Location | undefined {
  const [, bucket, rest = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/.exec(text) ?? []
  const prefix = rest.split('/').filter((part) => part !== '')
  return bucket === undefined ? undefined : { bucket, prefix: prefix.join('/') }
}

function faultOf(
  cache: CacheInputs | undefined,
  preset: Preset,
  release: RepositoryReference | undefined,
): string | undefined {
  if (cache === undefined) return 'is neither an ECR repository nor s3://bucket/prefix'
  if (preset !== 'auto' && cache.kind !== preset) {
    return cache.kind === 's3'
      ? 'is in S3; write `cache: s3`'
      : 'is an ECR repository; `cache: s3` needs s3://bucket/prefix'
  }
  const isRelease =
    cache.kind === 'registry' &&
    cache.repository.name === release?.name &&
    cache.repository.host?.host === release.host?.host
  return isRelease ? 'is `repository` itself; caches need a repository of their own' : undefined
}
