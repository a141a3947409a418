import { loadObstacle } from '../../core/buildx/builder/docker-engine.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { BuildSpecification } from '../../core/plan/image/image-plan.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEngine } from './ask-engine.ts'

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
  const engine = await askEngine(
    {
      context: undefined,
      complaint: 'there is no Docker engine to load the image into',
      remedy: 'Run the job where a Docker engine runs, or leave `load` out.',
    },
    docker,
    ports,
  )
  const obstacle = loadObstacle(engine, build)
  if (obstacle === undefined) return
  throw new ActionError(
    'invalid-inputs',
    `load: ${obstacle}`,
    'Turn the containerd image store of the engine on, or give one platform and `provenance: false`; nothing was built.',
  )
}
