import type { SecretSource } from '../buildx/argv.ts'
import { attributesOf } from '../inputs/build/elements.ts'
import type { BuildSettings } from '../inputs/build/build-settings.ts'
import { pathIn } from '../path-in.ts'
import { fieldOf } from './definition.ts'

/** What a bake reads and writes because we or the inputs say so, not its files. */
export interface GrantedSources extends Pick<BuildSettings, 'ssh' | 'cacheFrom' | 'cacheTo'> {
  readonly secrets: readonly SecretSource[]
}

/** What of it bake asks a leave for. */
export interface BakeGrants {
  /** Values of `--allow`. */
  readonly allow: readonly string[]
  /** The folders of local caches among them: of one that is missing, bake asks for what it is in. */
  readonly cacheFolders: readonly string[]
}

/**
 * The leave for just these files and folders, each by its own path, and for the agent (docker/buildx,
 * bake/entitlements.go: check). The workspace needs none.
 * @param workspace Absolute; what the inputs name is seen from there.
 */
export function grantsOf(
  { secrets, ssh, cacheFrom, cacheTo }: GrantedSources,
  workspace: string,
): BakeGrants {
  const files = secrets.flatMap((secret) => ('file' in secret ? [secret.file] : []))
  const keys = ssh.flatMap((grant) => pathsOfSsh(grant))
  const usesAgent = ssh.some((grant) => pathsOfSsh(grant).length === 0)
  const absolute = (path: string) => pathIn(workspace, path)
  const read = localFolders(cacheFrom, 'src').map(absolute)
  const written = localFolders(cacheTo, 'dest').map(absolute)
  const allow = [
    ...[...files, ...keys].map(absolute).map((path) => `fs.read=${path}`),
    ...read.map((path) => `fs.read=${path}`),
    ...written.map((path) => `fs.write=${path}`),
    ...(usesAgent ? ['ssh'] : []),
  ]
  return { allow: [...new Set(allow)], cacheFolders: [...new Set([...read, ...written])] }
}

/** `id`, which means the agent of the job, or `id=path,path`: sockets and keys. */
function pathsOfSsh(grant: string): readonly string[] {
  const [, ...rest] = grant.split('=')
  return rest.length === 0 ? [] : rest.join('=').split(',')
}

function localFolders(caches: readonly string[], field: 'src' | 'dest'): readonly string[] {
  return caches.flatMap((cache) => {
    const attributes = attributesOf(cache) ?? []
    const folder = fieldOf(attributes, field)
    return fieldOf(attributes, 'type') === 'local' && folder !== undefined ? [folder] : []
  })
}
