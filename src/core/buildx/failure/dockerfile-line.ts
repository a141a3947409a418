import { basename, relative } from 'node:path/posix'
import type { SourceLine } from '../../errors/action-error.ts'

/** Where the Dockerfile of a build is. */
export interface DockerfilePlace {
  /** Absolute path, or one inside a remote context. */
  readonly dockerfile: string
  /** The checkout; annotations name files below it. */
  readonly workspace: string
}

/**
 * The line that failed, as buildx ends its output with it: `Dockerfile:3`, a rule, the lines around
 * it. A file of another name is not the user's Dockerfile but one that BuildKit fetched.
 */
export function dockerfileLine(
  lines: readonly string[],
  { dockerfile, workspace }: DockerfilePlace,
): SourceLine | undefined {
  const at = lines.findIndex(
    (line, index) => /^.+:\d+$/.test(line) && /^-{5,}$/.test(lines[index + 1] ?? ''),
  )
  const [, name, line] = /^(.+):(\d+)$/.exec(lines[at] ?? '') ?? []
  if (name === undefined || basename(name) !== basename(dockerfile)) return undefined
  const file = relative(workspace, dockerfile)
  return file.startsWith('..') ? undefined : { file, line: Number(line) }
}
