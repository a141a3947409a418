import { createHash } from 'node:crypto'

/** A file or submodule as git's index has it. */
export interface IndexEntry {
  /** Relative to the folder that git was asked in. */
  readonly path: string
  /** The path as git wrote it, and as it reads it: in quotes where it needs them. */
  readonly writtenPath: string
  /** Git's id of the file's content, or the submodule's commit. */
  readonly id: string
  readonly isSubmodule: boolean
  /** Whether git looks for changes of it: not with `assume-unchanged` or `skip-worktree`. */
  readonly watched: boolean
}

/**
 * Reads one line of `git -c core.quotePath=false ls-files --stage -v`.
 * @returns undefined for any other line.
 */
export function parseIndexLine(line: string): IndexEntry | undefined {
  const match = /^(.) (\d{6}) ([0-9a-f]{40,64}) \d\t(.+)$/.exec(line)
  if (match === null) return undefined
  const [, tag = '', mode = '', id = '', writtenPath = ''] = match
  return {
    path: unquote(writtenPath),
    writtenPath,
    id,
    isSubmodule: mode === '160000',
    watched: /^[A-RT-Z]$/.test(tag),
  }
}

/** Whether a file of this text is, byte by byte, the one that the index has. */
export function holdsContent({ id }: Pick<IndexEntry, 'id'>, text: string): boolean {
  const bytes = Buffer.from(text)
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === id
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** Git quotes as C does, here only control characters, `"` and `\`. */
function unquote(written: string): string {
  if (!written.startsWith('"')) return written
  return written
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_whole, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    )
}
