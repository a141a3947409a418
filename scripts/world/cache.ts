import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const lockPollMs = 250

/** Where what is slow to make is kept between runs, outside of every checkout. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'steadyship')
}

/** The first 12 digits of the SHA-256 of `recipe`: the name of what the recipe makes. */
export function recipeHash(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
}

/**
 * The folder `path`; made by `make` when it is not there. `make` gets an empty folder under another
 * name, which takes its place only when `make` is through, so that a folder found is a folder
 * finished. A second process waits for the first; what a killed one left behind is removed.
 */
export async function cachedFolder(
  path: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  if (existsSync(path)) return path
  await mkdir(dirname(path), { recursive: true })
  const lock = `${path}.lock`
  await acquire(lock)
  const partial = `${path}.partial-${process.pid}`
  try {
    if (existsSync(path)) return path
    await removePartials(path)
    await mkdir(partial)
    await make(partial)
    await rename(partial, path)
    return path
  } finally {
    await rm(partial, { recursive: true, force: true })
    await rm(lock, { force: true })
  }
}

async function acquire(lock: string): Promise<void> {
  for (;;) {
    try {
      const file = await open(lock, 'wx')
      await file.writeFile(String(process.pid))
      await file.close()
      return
    } catch (error) {
      if (!isTaken(error)) throw error
    }
    // Two that find the same dead owner may both go on: then one does needless work, no more.
    if (await ownerIsGone(lock)) await rm(lock, { force: true })
    else await delay(lockPollMs)
  }
}

const isTaken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST'

async function ownerIsGone(lock: string): Promise<boolean> {
  const owner = await readFile(lock, 'utf8').catch(() => '')
  // An empty file is one that its owner is about to write.
  return owner !== '' && !existsSync(`/proc/${owner}`)
}

async function removePartials(path: string): Promise<void> {
  const prefix = `${basename(path)}.partial-`
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(prefix))
      await rm(join(dirname(path), name), { recursive: true, force: true })
  }
}
