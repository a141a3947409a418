import {
  parseBuilder,
  type BuilderDescription,
} from '../../core/buildx/builder/builder-description.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import type { ProcessResult } from '../../ports/processes.ts'
import { lastWordsOf, wordsOf } from './run-docker.ts'
import { runPulling } from './run-pulling.ts'

/**
 * Asks what a builder is; starts it, too: only a running one tells its platforms.
 * @returns undefined where there is no builder of this name.
 * @throws ActionError `builder-unavailable`, `docker-unavailable`.
 */
export async function inspectBuilder(
  name: string,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<BuilderDescription | undefined> {
  const argv = ['buildx', 'inspect', '--bootstrap', `--builder=${name}`]
  const result = await runPulling(argv, docker, ports)
  if (result.exitCode === 0) return parseBuilder(result.stdout)
  if (/no builder .* found/.test(wordsOf(result))) return undefined
  throw unavailable(name, result)
}

/** As {@link inspectBuilder}, of a builder that must be there. */
export async function inspectExisting(
  name: string,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<BuilderDescription> {
  const description = await inspectBuilder(name, docker, ports)
  if (description !== undefined) return description
  throw new ActionError(
    'builder-unavailable',
    `no builder "${name}" found`,
    'List the builders with `docker buildx ls`, or leave `builder` out to have one made.',
  )
}

/** The error of a builder that could not be made, found or started. */
export function unavailable(name: string, result: ProcessResult): ActionError {
  if (/\[internal\] waiting for connection/.test(wordsOf(result))) return unreachable(name, result)
  if (/toomanyrequests|429 Too Many Requests/.test(wordsOf(result))) return limited(name, result)
  const noEngine = /Cannot connect to the Docker daemon/.test(wordsOf(result))
  return new ActionError(
    noEngine ? 'docker-unavailable' : 'builder-unavailable',
    `builder "${name}" did not start: ${lastWordsOf(result)}`,
    noEngine
      ? 'Run the job where a Docker engine runs, or set `driver: remote` and `endpoint`.'
      : 'Check `driver`, `driver-opts`, `buildkitd-flags`, `endpoint` and `append`, and that the builder image can be pulled.',
    { details: result.stderrTail.slice(-20) },
  )
}

/** Of the remote driver: buildx gives up after 20 s and keeps the reason to itself, TLS or not. */
function unreachable(name: string, result: ProcessResult): ActionError {
  return new ActionError(
    'builder-unavailable',
    `builder "${name}" has a node that cannot be reached: ${lastWordsOf(result)}`,
    'Check that the runner reaches `endpoint` and every node of `append`, and where a node uses TLS its ' +
      '`BUILDER_NODE_<n>_AUTH_TLS_*` variables: a node that asks for a client certificate needs `…_CERT` and `…_KEY`.',
    { details: result.stderrTail.slice(-20) },
  )
}

/** GitHub's own runners share the addresses that a registry counts anonymous pulls by. */
function limited(name: string, result: ProcessResult): ActionError {
  return new ActionError(
    'builder-unavailable',
    `builder "${name}" did not start: the registry of its image refuses more pulls: ${lastWordsOf(result)}`,
    'Log in to that registry with docker/login-action before this step, or name a copy of the image elsewhere with `driver-opts: image=…`.',
    { details: result.stderrTail.slice(-20) },
  )
}
