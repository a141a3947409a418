import { lstat, realpath, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

import { configurationPrefix } from './configuration.ts'

/**
 * Removes the Docker configuration that a killed run left. The path comes from the runner's state,
 * which hostile output can forge: only a folder of ours, directly in the job's temporary folder,
 * is ever removed.
 * @returns false where there is nothing to remove.
 * @throws Error where the path is not one of ours.
 */
export async function removeDockerConfiguration(
  directory: string,
  temporaryDirectory: string,
): Promise<boolean> {
  const inside =
    basename(directory).startsWith(configurationPrefix) &&
    (await sameDirectory(dirname(directory), temporaryDirectory))
  if (!inside) {
    throw new Error(`${JSON.stringify(directory)} is not a folder that this action made`)
  }
  const found = await lstat(directory).catch(() => undefined)
  if (found === undefined) return false
  if (!found.isDirectory()) throw new Error(`${JSON.stringify(directory)} is not a folder`)
  await rm(directory, { recursive: true, force: true })
  return true
}

async function sameDirectory(a: string, b: string): Promise<boolean> {
  const [realA, realB] = await Promise.all([a, b].map((path) => realpath(path).catch(() => path)))
  return realA === realB
}
