import { parseIndexLine, type IndexEntry } from '../../core/buildx/git-index.ts'
import {
  emptyFolders,
  joinFiles,
  parseStatus,
  type CheckedOutFiles,
} from '../../core/buildx/source.ts'
import { pathIn } from '../../core/path-in.ts'
import type { Ports } from '../../ports/ports.ts'
import { askGit } from './ask-git.ts'
import { findFiltered } from './find-filtered.ts'

/** A folder of a checked-out repository. */
export interface Checkout {
  /** Absolute path. */
  readonly directory: string
  /** Its path in its repository, ending in `/`, or empty. */
  readonly prefix: string
  /** Whether what is at a path of it may reach the builder; a path that ends in `/` is a whole folder. */
  readonly isSent: (path: string) => boolean
}

const statusArguments = [
  'status',
  '--porcelain=v1',
  '-z',
  '--untracked-files=all',
  '--ignored=matching',
  // What is in a submodule is asked there: it may be kept from the builder.
  '--ignore-submodules=dirty',
  '--',
  '.',
]

/**
 * Finds what reaches the builder and is not as it stands in the commit that is checked out, in
 * submodules, too.
 * @returns undefined where git does not tell all of it.
 */
export async function compareCheckout(
  checkout: Checkout,
  ports: Ports,
): Promise<CheckedOutFiles | undefined> {
  const { directory, prefix, isSent } = checkout
  const [status, others, index] = await Promise.all([
    askGit(directory, statusArguments, ports),
    askGit(directory, ['ls-files', '-z', '--others', '--directory', '--', '.'], ports),
    readIndex(directory, ports),
  ])
  if (status === undefined || others === undefined || index === undefined) return undefined
  const [filtered, submodules] = await Promise.all([
    findFiltered(checkout, index, ports),
    compareSubmodules(checkout, index, ports),
  ])
  if (filtered === undefined) return undefined
  const told = parseStatus(status, prefix)
  const own = {
    uncommitted: [...told, ...emptyFolders(others, told)].filter(isSent),
    unwatched: index.flatMap(({ watched, path }) => (watched || !isSent(path) ? [] : [path])),
    ...filtered,
    absentSubmodules: [],
  }
  return joinFiles([own, ...submodules])
}

async function readIndex(
  directory: string,
  ports: Ports,
): Promise<readonly IndexEntry[] | undefined> {
  const entries: IndexEntry[] = []
  const onLine = (line: string): void => {
    const entry = parseIndexLine(line)
    if (entry !== undefined) entries.push(entry)
  }
  const argv = ['ls-files', '--stage', '-v', '--', '.']
  return (await askGit(directory, argv, ports, { onLine })) === undefined ? undefined : entries
}

async function compareSubmodules(
  { directory, isSent }: Checkout,
  index: readonly IndexEntry[],
  ports: Ports,
): Promise<readonly CheckedOutFiles[]> {
  const all: CheckedOutFiles[] = []
  for (const { isSubmodule, path, id } of index) {
    if (!isSubmodule || !isSent(`${path}/`)) continue
    const below = {
      directory: pathIn(directory, path),
      prefix: '',
      isSent: (inner: string) => isSent(`${path}/${inner}`),
    }
    all.push(await compareSubmodule(below, { path, id }, ports))
  }
  return all
}

/** In a folder without a repository of its own, git answers with the commit of the one around it. */
async function compareSubmodule(
  checkout: Checkout,
  { path, id }: Pick<IndexEntry, 'path' | 'id'>,
  ports: Ports,
): Promise<CheckedOutFiles> {
  const isAbsent = await ports.files.isEmptyFolder(checkout.directory)
  if (isAbsent) return { ...nothing, absentSubmodules: [path] }
  const head = await askGit(checkout.directory, ['rev-parse', 'HEAD'], ports)
  const found = head?.trim() === id ? await compareCheckout(checkout, ports) : undefined
  if (found === undefined) return { ...nothing, uncommitted: [path] }
  const at = (inner: string): string => `${path}/${inner}`
  return {
    uncommitted: found.uncommitted.map(at),
    unwatched: found.unwatched.map(at),
    filtered: found.filtered.map(at),
    absentSubmodules: found.absentSubmodules.map(at),
    pointers: found.pointers.map(at),
  }
}

const nothing = joinFiles([])
