import { isAbsolute, join, normalize, relative } from 'node:path/posix'
import { isRemoteContext } from '../inputs/build/context.ts'
import { stringAt, type JsonObject } from '../json.ts'

/** Where a target takes its files from. */
export interface BakeSource {
  /** A path from the workspace, or what BuildKit fetches by itself. */
  readonly context: string
  /** A path from the workspace, or inside a remote context. */
  readonly file: string
  /** The Dockerfile, where the definition itself holds it. */
  readonly inline: string | undefined
}

/** @param workspace Absolute; what lies in it is told as a path from it. */
export function sourceOf(members: JsonObject, workspace: string): BakeSource {
  const written = (stringAt(members, 'context') ?? '.').replace(/^cwd:\/\//, '')
  const inline = stringAt(members, 'dockerfile-inline')
  const dockerfile = stringAt(members, 'dockerfile') ?? 'Dockerfile'
  if (isRemoteContext(written)) return { context: written, file: dockerfile, inline }
  const context = fromWorkspace(written, workspace)
  const file = isAbsolute(dockerfile)
    ? fromWorkspace(dockerfile, workspace)
    : normalize(join(context, dockerfile))
  return { context, file, inline }
}

/** `path`, which is seen from the workspace or absolute, as seen from there. */
function fromWorkspace(path: string, workspace: string): string {
  const local = path.replace(/^cwd:\/\//, '')
  return normalize(isAbsolute(local) ? relative(workspace, local) : local) || '.'
}

/** Whether it leads out of the workspace. Links in it are not followed: git keeps what they say. */
export function isOutside(path: string, workspace: string): boolean {
  return /^(\.\.(\/|$)|~|\/)/.test(fromWorkspace(path, workspace))
}
