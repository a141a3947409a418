import { runChild } from './child.ts'

/**
 * The first of this machine's own package sources that is a Debian archive: the address that
 * administrators chose, and often the only one that is reachable.
 */
export async function debianMirror(signal?: AbortSignal): Promise<string> {
  const targets = await runChild(
    'apt-get',
    ['indextargets', '--no-release-info', '--format', '$(REPO_URI)', 'Created-By: Packages'],
    signal && { signal },
  )
  const archive = targets.split('\n').find((address) => /\/debian\/?$/.test(address))
  if (archive !== undefined) return archive
  throw new Error(
    'No Debian archive (an address that ends in /debian) is among the sources of apt.',
  )
}
