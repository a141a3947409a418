import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Paths of the files below `directory` whose text matches; links are not followed. */
export async function filesHolding(directory: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    paths.map(async (path) => (pattern.test(await readFile(path, 'utf8')) ? [path] : [])),
  )
  return found.flat()
}
