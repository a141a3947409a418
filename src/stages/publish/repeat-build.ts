import type { Ports } from '../../ports/ports.ts'
import type { DockerSession } from './docker-session.ts'
import { repeatDocker, type GoEnd } from './repeat-docker.ts'

/** What a further go can build upon. */
export interface Go {
  /** Whether this is not the first. */
  readonly again: boolean
  /** Whether all steps are done, so that they are taken from the builder's cache as they are. */
  readonly cached: boolean
}

/**
 * Builds until it ends well. What is known to pass is tried again on the same builder, so that
 * finished steps come from its cache; a login that ended is renewed once; a failing step of the
 * Dockerfile ends it at once.
 * @param retries Further attempts that the user allows.
 * @throws ActionError of the last go.
 */
export async function repeatBuild<Built>(
  retries: number,
  build: (go: Go) => Promise<GoEnd<Built>>,
  docker: Pick<DockerSession, 'hosts' | 'renew'>,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<Built> {
  let cached = false
  return await repeatDocker(
    retries,
    async (attempt) => {
      const end = await build({ again: attempt > 1, cached })
      // Whoever pushes has built: flags that keep the builder's cache out would only repeat that.
      cached ||= end.kind === 'failed' && end.failed.kind === 'push'
      return end
    },
    docker,
    ports,
  )
}
