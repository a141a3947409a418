import { keysOf } from '../../buildx/cache/cache-kinds.ts'
import { readAttestations, type Attestations } from './attestations.ts'
import { readCacheExports } from './cache-exports.ts'
import { readElements, splitPair } from './elements.ts'
import { readExporters } from './exporters.ts'
import type { InputReader } from '../reader.ts'
import { readSecrets, type BuildSecret } from './secrets.ts'

export const compressions = ['gzip', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** What is handed to `docker buildx build` as it was written, under build-push-action's names. */
export interface BuildSettings {
  /** `name=folder`, `name=docker-image://…`: what `COPY --from=name` reads. */
  readonly buildContexts: readonly string[]
  readonly addHosts: readonly string[]
  /** Entitlements, such as `network.host`. */
  readonly allow: readonly string[]
  readonly ulimits: readonly string[]
  /** Stages that the cache must not answer for. */
  readonly noCacheFilters: readonly string[]
  readonly ssh: readonly string[]
  readonly network: string | undefined
  readonly shmSize: string | undefined
  readonly cgroupParent: string | undefined
  readonly attestations: Attestations
  /** No two with one id. */
  readonly secrets: readonly BuildSecret[]
  readonly cacheFrom: readonly string[]
  readonly cacheTo: readonly string[]
  /** Exporters besides the push, each to a place on this machine. */
  readonly exporters: readonly string[]
  readonly compression: Compression
}

/** Reads them; a value that buildx would take for two, or for something else, is a problem. */
export function readBuildSettings(reader: InputReader): BuildSettings {
  return {
    buildContexts: readBuildContexts(reader),
    addHosts: listOf(reader, 'add-hosts', /^[^\s,:="]+[:=][^\s,"]+$/, 'is not host:address'),
    allow: listOf(reader, 'allow', /^[\w.-]+(=[^\s,"]+)?$/, 'is not an entitlement'),
    ulimits: listOf(reader, 'ulimit', /^[a-z]+=-?\d+(:-?\d+)?$/, 'is not name=soft:hard'),
    noCacheFilters: listOf(reader, 'no-cache-filters', /^[\w.-]+$/, 'is not a stage name'),
    ssh: listOf(reader, 'ssh', /^[^\s,="]+(=.+)?$/, 'is neither default nor id=socket or key'),
    network: readOne(reader, 'network', /^[\w.:-]+$/, 'is not a network mode'),
    shmSize: readOne(reader, 'shm-size', /^\d+(\.\d+)? ?([kmgtp]i?)?b?$/i, 'is not a size'),
    cgroupParent: readOne(reader, 'cgroup-parent', /^[^\s]+$/, 'is not a cgroup'),
    attestations: readAttestations(reader),
    secrets: readSecrets(reader),
    cacheFrom: withoutKeys(reader, 'cache-from', readElements(reader, 'cache-from')),
    cacheTo: withoutKeys(reader, 'cache-to', readCacheExports(reader)),
    exporters: readExporters(reader),
    compression: reader.choice('compression', compressions),
  }
}

/** Arguments are read by whoever may list processes, and the log shows them: no key goes there. */
function withoutKeys(
  reader: InputReader,
  name: string,
  caches: readonly string[],
): readonly string[] {
  const open = caches.some((cache) => keysOf(cache).length > 0)
  if (!open) return caches
  const message =
    'holds a key or token in its attributes, where others could read it; leave it out: ' +
    'caches in S3 get the credentials of this run, and type=gha the token of the job'
  reader.reject(name, message, '…')
  return []
}

function readBuildContexts(reader: InputReader): readonly string[] {
  const contexts = readElements(reader, 'build-contexts')
  for (const context of contexts) {
    const [name, value = ''] = splitPair(context) ?? []
    if (name === undefined || value === '') {
      reader.reject('build-contexts', 'is not name=context', context)
    } else if (/^[a-z][a-z+]*:\/\/[^/]*:[^/]*@/.test(value)) {
      const message = 'holds a login in its URL, where others could read it; give it as a secret'
      reader.reject('build-contexts', message, `${name}=…`)
    }
  }
  return contexts
}

function listOf(
  reader: InputReader,
  name: string,
  form: RegExp,
  otherwise: string,
): readonly string[] {
  const values = reader.list(name)
  for (const value of values) if (!form.test(value)) reader.reject(name, otherwise, value)
  return values
}

function readOne(
  reader: InputReader,
  name: string,
  form: RegExp,
  otherwise: string,
): string | undefined {
  return reader.parsed(name, otherwise, (text) => (form.test(text) ? text : undefined))
}
