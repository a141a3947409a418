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

export interface GitFacts extends CheckedOutFiles {
  /** The commit that is checked out. */
  readonly head: string
  /** Git's id of the committed tree that is the build context. */
  readonly tree: string
  /** When the commit was made. */
  readonly committedAt: Date
  /** Whether git's own folder reaches the builder, with tags, branches and history as they are now. */
  readonly sendsRecords: boolean
}

/** What of a checkout is not there as committed. */
export type CheckedOutFiles = UnprovenFiles & UnfetchedFiles

/** What reaches the builder and is not told by the commit, relative to the context. */
export interface UnprovenFiles {
  /**
   * Not as committed: changed, untracked, ignored by git; empty folders; submodules that are at
   * another commit or only partly there.
   */
  readonly uncommitted: readonly string[]
  /** Git does not look: a sparse checkout leaves them out, `skip-worktree`, `assume-unchanged`. */
  readonly unwatched: readonly string[]
  /** Made of what is committed by a filter, with what keys and programs there are. */
  readonly filtered: readonly string[]
}

/** What the checkout did not fetch, relative to the context; of it the commit tells what is there instead. */
export interface UnfetchedFiles {
  /** An empty folder each. */
  readonly absentSubmodules: readonly string[]
  /** Files of Git LFS; the committed pointer is in the place of each. */
  readonly pointers: readonly string[]
}

/** A text for each of them, in one order: checkouts of one commit with equal texts hold the same. */
export function markUnfetched({ absentSubmodules, pointers }: UnfetchedFiles): readonly string[] {
  return [
    ...absentSubmodules.map((path) => `absent submodule ${path}`),
    ...pointers.map((path) => `pointer ${path}`),
  ].sort()
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

/**
 * Folders that hold nothing: git has none of them, and `git status` is silent about them.
 * @param others What `git ls-files -z --others --directory` tells.
 * @param told What `git status` tells of the same folder.
 */
export function emptyFolders(others: string, told: readonly string[]): readonly string[] {
  return others
    .split('\0')
    .filter((path) => path.endsWith('/'))
    .filter((folder) => !told.some((path) => path.startsWith(folder) || isBelow(folder, path)))
}

function isBelow(path: string, folder: string): boolean {
  return folder.endsWith('/') && path.startsWith(folder)
}

/** The files of a checkout and of its submodules as those of one tree. */
export function joinFiles(all: readonly CheckedOutFiles[]): CheckedOutFiles {
  return {
    uncommitted: [...new Set(all.flatMap(({ uncommitted }) => uncommitted))],
    unwatched: all.flatMap(({ unwatched }) => unwatched),
    filtered: all.flatMap(({ filtered }) => filtered),
    absentSubmodules: all.flatMap(({ absentSubmodules }) => absentSubmodules),
    pointers: all.flatMap(({ pointers }) => pointers),
  }
}
