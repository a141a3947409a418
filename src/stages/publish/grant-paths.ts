import { folderRead, grantsOf, type GrantedSources } from '../../core/bake/grants.ts'
import { isOlder, type BuildxVersion } from '../../core/buildx/version.ts'
import type { Ports } from '../../ports/ports.ts'

/** The first that asks; since 0.20 it builds nothing without an answer (docs.docker.com, release notes). */
const oldestThatAsks = { major: 0, minor: 19 }

/** What bake is given leave for. */
export interface GrantedPaths {
  /** Values of `--allow`. */
  readonly allow: readonly string[]
  /** Of the caches that it was to read those that are there, or that nobody need look for. */
  readonly cacheFrom: readonly string[]
}

/**
 * Gives bake leave for what the inputs have it read and write, and for nothing of its files' choice.
 * Of a folder that is missing it would ask leave for the one above: one that it writes is made, a
 * cache that it only reads is left out, as buildx itself would find nothing in it.
 * Earlier releases of buildx ask for none, and do not know the flag.
 * @throws ActionError where a folder cannot be made.
 */
export async function grantPaths(
  sources: GrantedSources,
  askVersion: () => Promise<BuildxVersion | undefined>,
  ports: Pick<Ports, 'context' | 'files' | 'report'>,
): Promise<GrantedPaths> {
  const { workspace } = ports.context
  const { cacheFrom = [] } = sources
  const sought = grantsOf(sources, workspace)
  if (sought.allow.length === 0) return { allow: [], cacheFrom }
  const version = await askVersion()
  if (version !== undefined && isOlder(version, oldestThatAsks)) return { allow: [], cacheFrom }
  for (const folder of sought.written) await ports.files.makeFolder(folder)
  const found = await cachesThere(cacheFrom, ports)
  return { allow: grantsOf({ ...sources, cacheFrom: found }, workspace).allow, cacheFrom: found }
}

async function cachesThere(
  cacheFrom: readonly string[],
  { context, files, report }: Pick<Ports, 'context' | 'files' | 'report'>,
): Promise<readonly string[]> {
  const there: string[] = []
  for (const cache of new Set(cacheFrom)) {
    const folder = folderRead(cache, context.workspace)
    if (folder === undefined || (await files.exists(folder))) there.push(cache)
    else report.detail(`the cache in ${folder} is not there yet, and is not read`)
  }
  return there
}
