import { grantsOf, type GrantedSources } from '../../core/bake/grants.ts'
import { isOlder, type BuildxVersion } from '../../core/buildx/version.ts'
import type { Ports } from '../../ports/ports.ts'

/** The first that asks; since 0.20 it builds nothing without an answer (docs.docker.com, release notes). */
const oldestThatAsks = { major: 0, minor: 19 }

/**
 * Gives bake leave for what the inputs have it read and write, and for nothing of its files' choice.
 * Earlier releases of buildx ask for none, and do not know the flag.
 * @returns values of `--allow`.
 */
export async function grantPaths(
  sources: GrantedSources,
  askVersion: () => Promise<BuildxVersion | undefined>,
  ports: Pick<Ports, 'context' | 'files'>,
): Promise<readonly string[]> {
  const { allow, cacheFolders } = grantsOf(sources, ports.context.workspace)
  if (allow.length === 0) return []
  const version = await askVersion()
  if (version !== undefined && isOlder(version, oldestThatAsks)) return []
  for (const folder of cacheFolders) await ports.files.makeFolder(folder)
  return allow
}
