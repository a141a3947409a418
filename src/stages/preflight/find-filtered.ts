import type { IndexEntry } from '../../core/buildx/git-index.ts'
import type { UnprovenFiles } from '../../core/buildx/source.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { pathIn } from '../../core/path-in.ts'
import type { Ports } from '../../ports/ports.ts'
import { askGit } from './ask-git.ts'
import type { Checkout } from './compare-checkout.ts'

/** A pointer has less (git-lfs, docs/spec.md). */
const pointerBytes = 1024

/**
 * Finds files that are not simply what is committed, but made of it. A file of Git LFS is proven by
 * the hash in its committed pointer, and so only a pointer that is still there is told.
 * @returns undefined where git does not tell.
 */
export async function findFiltered(
  { directory, isSent }: Checkout,
  index: readonly IndexEntry[],
  ports: Ports,
): Promise<Pick<UnprovenFiles, 'pointers' | 'filtered'> | undefined> {
  const filters = await readFilters(directory, index, ports)
  if (filters?.length !== index.length) return undefined
  const named = index.flatMap(({ path }, at) => {
    const filter = filters[at]
    return filter === undefined || !isSent(path) ? [] : [{ path, filter }]
  })
  const large = named.flatMap(({ path, filter }) => (filter === 'lfs' ? [path] : []))
  return {
    pointers: await firstPointer(directory, large, ports),
    filtered: named.flatMap(({ path, filter }) => (filter === 'lfs' ? [] : [path])),
  }
}

/** The filter of each entry, in order; undefined for one without. */
async function readFilters(
  directory: string,
  index: readonly IndexEntry[],
  ports: Ports,
): Promise<readonly (string | undefined)[] | undefined> {
  const filters: (string | undefined)[] = []
  const onLine = (line: string): void => {
    const [, value] = /: filter: (\S+)$/.exec(line) ?? []
    if (value !== undefined) filters.push(/^(unspecified|unset)$/.test(value) ? undefined : value)
  }
  const input = index.map(({ writtenPath }) => `${writtenPath}\n`).join('')
  const answer = await askGit(directory, ['check-attr', '--stdin', 'filter'], ports, {
    input,
    onLine,
  })
  return answer === undefined ? undefined : filters
}

/** One tells enough; where none is left, all are read. */
async function firstPointer(
  directory: string,
  paths: readonly string[],
  ports: Ports,
): Promise<readonly string[]> {
  for (const path of paths) {
    if (await isPointer(pathIn(directory, path), ports)) return [path]
  }
  return []
}

async function isPointer(path: string, ports: Ports): Promise<boolean> {
  try {
    const text = await ports.files.readText(path, pointerBytes)
    return /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\//.test(text)
  } catch (error) {
    // Larger than a pointer, or not there, of which `git status` tells.
    if (error instanceof ActionError) return false
    throw error
  }
}
