import { backOffMs } from '../../core/back-off.ts'
import { nextAttempt, type FailedGo } from '../../core/buildx/failure/next-attempt.ts'
import type { EcrHost } from '../../core/image/repository/repository.ts'
import type { Ports } from '../../ports/ports.ts'
import type { DockerSession } from './docker-session.ts'

/** How one go of a build ended. */
export type GoEnd<Built> =
  | { readonly kind: 'built'; readonly built: Built }
  | { readonly kind: 'failed'; readonly failed: FailedGo }

/** What a further go can build upon. */
export interface Go {
  /** Whether this is not the first. */
  readonly again: boolean
  /** Whether all steps are done, so that they are taken from the builder's cache as they are. */
  readonly cached: boolean
}

/** How often a build may be tried, and what it logs in to. */
export interface Repetition {
  /** Further attempts that the user allows. */
  readonly retries: number
  readonly registries: readonly EcrHost[]
}

/**
 * Builds until it ends well. What is known to pass is tried again on the same builder, so that
 * finished steps come from its cache; a login that ended is renewed once; a failing step of the
 * Dockerfile ends it at once.
 * @throws ActionError of the last go.
 */
export async function repeatBuild<Built>(
  { retries, registries }: Repetition,
  build: (go: Go) => Promise<GoEnd<Built>>,
  docker: Pick<DockerSession, 'renew'>,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<Built> {
  let renewed = false
  let cached = false
  for (let attempt = 1; ; attempt += 1) {
    const end = await build({ again: attempt > 1, cached })
    if (end.kind === 'built') return end.built
    const next = nextAttempt(end.failed, { attempt, renewed }, retries)
    if (next.kind === 'give-up') throw end.failed.error
    ports.report.warning(`${end.failed.error.message}; trying again`)
    if (next.renew) await docker.renew(registries)
    else await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
    renewed ||= next.renew
    cached ||= next.built
  }
}
