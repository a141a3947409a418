/** What the build will read, and what git knows of it. */
export interface SourceFacts {
  /** Absolute path, or the URL of a remote context. */
  readonly contextDirectory: string
  /** Absolute path, or one inside a remote context. */
  readonly dockerfile: string
  /** Undefined where it is in a remote context. */
  readonly dockerfileText: string | undefined
  /** Text of the ignore file that BuildKit will use; undefined where there is none. */
  readonly ignoreFileText: string | undefined
  /** Undefined where the context is in no git repository, or git may not be asked. */
  readonly git: GitFacts | undefined
}

export interface GitFacts {
  /** The commit that is checked out. */
  readonly head: string
  /** Git's id of the committed tree that is the build context. */
  readonly tree: string
  /** When the commit was made. */
  readonly committedAt: Date
  /** Files that reach the builder and are not as committed: changed, untracked, ignored by git. */
  readonly uncommitted: readonly string[]
}

/**
 * The paths that `git status --porcelain=v1 -z` tells, relative to the context.
 * @param prefix The context's own path in the repository, ending in `/`, or empty.
 */
export function parseStatus(text: string, prefix: string): readonly string[] {
  const entries = text.split('\0')
  const paths: string[] = []
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] ?? ''
    if (entry === '') continue
    paths.push(entry.slice(3))
    // A rename or copy is followed by the path it came from.
    if (/^[RC]|^.[RC]/.test(entry)) at += 1
  }
  return paths.map((path) => (path.startsWith(prefix) ? path.slice(prefix.length) : path))
}
