import { backOffMs } from '../../core/back-off.ts'
import { isTransient } from '../../core/buildx/failure/transient.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import type { ProcessResult } from '../../ports/processes.ts'
import { lastWordsOf, runDocker, wordsOf } from './run-docker.ts'

const attempts = 3

/**
 * As {@link runDocker}, for what may pull an image first and does nothing else that counts: a failure
 * that is known to pass is tried again after a rest.
 * @throws ActionError `docker-unavailable`, or the signal's reason.
 */
export async function runPulling(
  argv: readonly string[],
  docker: DockerConfiguration,
  ports: Pick<Ports, 'clock' | 'processes' | 'report' | 'signal'>,
): Promise<ProcessResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await runDocker(argv, docker, ports)
    if (result.exitCode === 0 || attempt >= attempts || !mayPass(wordsOf(result))) return result
    ports.report.warning(`docker failed: ${lastWordsOf(result)}; trying again`)
    await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
  }
}

/** buildx itself has waited 20 s for a node that it cannot reach. */
function mayPass(words: string): boolean {
  return isTransient(words) && !/waiting for connection/.test(words)
}
