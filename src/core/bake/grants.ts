import type { SecretSource } from '../buildx/argv.ts'
import { attributesOf } from '../inputs/build/elements.ts'
import type { BuildSettings } from '../inputs/build/build-settings.ts'
import { pathIn } from '../path-in.ts'
import { fieldOf } from './definition.ts'
import { isOutside } from './paths.ts'

/** What a bake reads and writes because we or the inputs say so, not its files. */
export interface GrantedSources extends Partial<
  Pick<BuildSettings, 'ssh' | 'cacheFrom' | 'cacheTo'>
> {
  readonly secrets?: readonly SecretSource[]
  /** Folders of ours that it writes. */
  readonly folders?: readonly string[]
}

/** What of it bake asks a leave for. */
export interface BakeGrants {
  /** Values of `--allow`. */
  readonly allow: readonly string[]
  /** Folders that it writes: of one that is missing, it asks for what that is in. */
  readonly written: readonly string[]
}

/**
 * The leave for just these files and folders, each by its own path, and for the agent (docker/buildx,
 * bake/entitlements.go: check). A folder in the workspace needs none, be it there or not.
 * @param workspace Absolute; what the inputs name is seen from there.
 */
export function grantsOf(
  { secrets = [], ssh = [], cacheFrom = [], cacheTo = [], folders = [] }: GrantedSources,
  workspace: string,
): BakeGrants {
  const files = secrets.flatMap((secret) => ('file' in secret ? [secret.file] : []))
  const keys = ssh.flatMap((grant) => pathsOfSsh(grant))
  const usesAgent = ssh.some((grant) => pathsOfSsh(grant).length === 0)
  const caches = cacheFrom.flatMap((cache) => folderRead(cache, workspace) ?? [])
  const exported = cacheTo.flatMap((cache) => localFolder(cache, 'dest') ?? [])
  const written = [...exported, ...folders].flatMap((path) => whereOutside(path, workspace) ?? [])
  const allow = [
    ...[...files, ...keys].map((path) => `fs.read=${pathIn(workspace, path)}`),
    ...caches.map((path) => `fs.read=${path}`),
    ...written.map((path) => `fs.write=${path}`),
    ...(usesAgent ? ['ssh'] : []),
  ]
  return { allow: [...new Set(allow)], written: [...new Set(written)] }
}

/** The folder outside of the workspace that a value of `--cache-from` reads; undefined: none. */
export function folderRead(cache: string, workspace: string): string | undefined {
  const folder = localFolder(cache, 'src')
  return folder === undefined ? undefined : whereOutside(folder, workspace)
}

/** `id`, which means the agent of the job, or `id=path,path`: sockets and keys. */
function pathsOfSsh(grant: string): readonly string[] {
  const [, ...rest] = grant.split('=')
  return rest.length === 0 ? [] : rest.join('=').split(',')
}

function localFolder(cache: string, field: 'src' | 'dest'): string | undefined {
  const attributes = attributesOf(cache) ?? []
  return fieldOf(attributes, 'type') === 'local' ? fieldOf(attributes, field) : undefined
}

function whereOutside(path: string, workspace: string): string | undefined {
  const absolute = pathIn(workspace, path)
  return isOutside(absolute, workspace) ? absolute : undefined
}
