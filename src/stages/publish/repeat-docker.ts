import { backOffMs } from '../../core/back-off.ts'
import { nextAttempt, type FailedGo } from '../../core/buildx/failure/next-attempt.ts'
import type { Ports } from '../../ports/ports.ts'
import type { DockerSession } from './docker-session.ts'

/** How one go of buildx ended. */
export type GoEnd<Built> =
  | { readonly kind: 'built'; readonly built: Built }
  | { readonly kind: 'failed'; readonly failed: FailedGo }

/**
 * Lets buildx build or copy until it ends well: what is known to pass is tried again after a rest, and
 * logins that ended are renewed once, all of them.
 * @param retries Further attempts that the user allows.
 * @param go Gets the number of the attempt, 1 for the first.
 * @throws ActionError of the last go.
 */
export async function repeatDocker<Built>(
  retries: number,
  go: (attempt: number) => Promise<GoEnd<Built>>,
  docker: Pick<DockerSession, 'hosts' | 'renew'>,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<Built> {
  let renewed = false
  for (let attempt = 1; ; attempt += 1) {
    const end = await go(attempt)
    if (end.kind === 'built') return end.built
    const next = nextAttempt(end.failed, { attempt, renewed, hosts: docker.hosts }, retries)
    if (next.kind === 'give-up') throw end.failed.error
    ports.report.warning(`${end.failed.error.message}; trying again`)
    if (next.renew) await docker.renew()
    else await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
    renewed ||= next.renew
  }
}
