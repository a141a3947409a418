import { loadObstacle, parseEngine } from '../../core/buildx/builder/docker-engine.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { BuildSpecification } from '../../core/plan/image/image-plan.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { lastWordsOf, runDocker } from './run-docker.ts'

/**
 * Sees to it, before anything is built, that the job's engine takes an image that is to be loaded.
 * @throws ActionError `invalid-inputs`, `docker-unavailable`
 */
export async function checkLoad(
  build: BuildSpecification,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<void> {
  if (build.loadAs === undefined) return
  const result = await runDocker(['info', '--format={{json .}}'], docker, ports)
  const engine = parseEngine(result.stdout)
  if (engine === undefined) {
    throw new ActionError(
      'docker-unavailable',
      `there is no Docker engine to load the image into: ${lastWordsOf(result)}`,
      'Run the job where a Docker engine runs, or leave `load` out.',
      { details: result.stderrTail },
    )
  }
  const obstacle = loadObstacle(engine, build)
  if (obstacle === undefined) return
  throw new ActionError(
    'invalid-inputs',
    `load: ${obstacle}`,
    'Turn the containerd image store of the engine on, or give one platform and `provenance: false`; nothing was built.',
  )
}
