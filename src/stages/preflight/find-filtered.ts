import { holdsContent, type IndexEntry } from '../../core/buildx/git-index.ts'
import type { CheckedOutFiles } from '../../core/buildx/source.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { pathIn } from '../../core/path-in.ts'
import type { Ports } from '../../ports/ports.ts'
import { askGit } from './ask-git.ts'
import type { Checkout } from './compare-checkout.ts'

/** A pointer has less (git-lfs, docs/spec.md). */
const pointerBytes = 1024

/** An entry to which an attribute gives a filter, whether or not that is configured. */
interface NamedEntry {
  readonly entry: IndexEntry
  readonly filter: string
}

/**
 * Finds files that are not simply what is committed, but made of it. A file of Git LFS is proven by
 * the hash in its committed pointer, and a pointer that is still there by that of its own.
 * @returns undefined where git does not tell.
 */
export async function findFiltered(
  { directory, isSent }: Checkout,
  index: readonly IndexEntry[],
  ports: Ports,
): Promise<Pick<CheckedOutFiles, 'pointers' | 'filtered'> | undefined> {
  const filters = await readFilters(directory, index, ports)
  if (filters?.length !== index.length) return undefined
  const named = index.flatMap((entry, at) => {
    const filter = filters[at]
    return filter === undefined || !isSent(entry.path) ? [] : [{ entry, filter }]
  })
  const large = named.filter(({ filter }) => filter === 'lfs')
  const made = await findMade(
    directory,
    named.filter(({ filter }) => filter !== 'lfs'),
    ports,
  )
  if (made === undefined) return undefined
  const { pointers, others } = await findPointers(directory, large, ports)
  return { pointers, filtered: [...made, ...others] }
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

/** Without a program for it, git checks a file out as it is committed; `clean` has no part in that. */
async function findMade(
  directory: string,
  named: readonly NamedEntry[],
  ports: Ports,
): Promise<readonly string[] | undefined> {
  if (named.length === 0) return []
  const settings = await askGit(directory, ['config', '--list', '--name-only', '-z'], ports)
  if (settings === undefined) return undefined
  const names = new Set(settings.split('\0'))
  return named.flatMap(({ entry, filter }) =>
    names.has(`filter.${filter}.smudge`) || names.has(`filter.${filter}.process`)
      ? [entry.path]
      : [],
  )
}

/** @returns `others`: what reads like a pointer, and is not the one that is committed. */
async function findPointers(
  directory: string,
  named: readonly NamedEntry[],
  ports: Ports,
): Promise<Readonly<Record<'pointers' | 'others', readonly string[]>>> {
  const pointers: string[] = []
  const others: string[] = []
  for (const { entry } of named) {
    const text = await readPointer(pathIn(directory, entry.path), ports)
    if (text !== undefined) (holdsContent(entry, text) ? pointers : others).push(entry.path)
  }
  return { pointers, others }
}

async function readPointer(path: string, ports: Ports): Promise<string | undefined> {
  try {
    const text = await ports.files.readText(path, pointerBytes)
    const isPointer = /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\//.test(text)
    return isPointer ? text : undefined
  } catch (error) {
    // Larger than a pointer, or not there, of which `git status` tells.
    if (error instanceof ActionError) return undefined
    throw error
  }
}
