import { ActionError } from '../../core/errors/action-error.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import type { ProcessResult } from '../../ports/processes.ts'

/**
 * Asks docker something; a failure is the answer's exit code.
 * @throws ActionError `docker-unavailable` where there is no docker or no buildx.
 */
export async function runDocker(
  argv: readonly string[],
  docker: DockerConfiguration,
  ports: Pick<Ports, 'processes' | 'signal'>,
): Promise<ProcessResult> {
  const request = { command: 'docker', arguments: argv, environment: docker.environment }
  const result = await ports.processes.run(request, ports.signal)
  if (result.exitCode === 0 || !/unknown command|is not a docker command/.test(wordsOf(result))) {
    return result
  }
  throw new ActionError(
    'docker-unavailable',
    'docker has no buildx plugin',
    'Install docker-buildx-plugin (Debian: docker-buildx) on the runner; version 0.13 or later.',
    { details: result.stderrTail },
  )
}

/** Everything that docker said on standard error. */
export function wordsOf(result: ProcessResult): string {
  return result.stderrTail.join('\n')
}

/** The last thing that docker said, which is its reason, without its hint at the help. */
export function lastWordsOf(result: ProcessResult): string {
  const said = result.stderrTail.findLast(
    (line) => line.trim() !== '' && !/^(See|Run) 'docker/.test(line),
  )
  return said?.replace(/^ERROR: /, '').trim() ?? `exit code ${result.exitCode}`
}
