import { resolve } from 'node:path'

/**
 * `path` as seen from `base`. The names are parameters on purpose: where the bundler sees
 * `resolve(folder, 'Dockerfile')` it takes the file for an asset, and puts a copy of one that it
 * finds at build time in its place (measured with ncc 0.45).
 */
export function pathIn(base: string, path: string): string {
  return resolve(base, path)
}
