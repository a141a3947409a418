import { parseEngine, type DockerEngine } from '../../core/buildx/builder/docker-engine.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { lastWordsOf, runDocker } from './run-docker.ts'

/** Which engine is asked, and what is to be told where none answers. */
export interface EngineQuestion {
  /** Its context; undefined: the job's engine. */
  readonly context: string | undefined
  readonly complaint: string
  readonly remedy: string
}

/** Asks a Docker engine what it is. @throws ActionError `docker-unavailable` */
export async function askEngine(
  { context, complaint, remedy }: EngineQuestion,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<DockerEngine> {
  const place = context === undefined ? [] : [`--context=${context}`]
  const result = await runDocker([...place, 'info', '--format={{json .}}'], docker, ports)
  const engine = parseEngine(result.stdout)
  if (engine !== undefined) return engine
  throw new ActionError('docker-unavailable', `${complaint}: ${lastWordsOf(result)}`, remedy, {
    details: result.stderrTail,
  })
}
