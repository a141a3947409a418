import { parseBuildxVersion, type BuildxVersion } from '../../core/buildx/version.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'

/** Asks which release of buildx docker has. @returns undefined where it names none. */
export async function askBuildxVersion(
  docker: Pick<DockerConfiguration, 'environment'>,
  ports: Pick<Ports, 'processes' | 'signal'>,
): Promise<BuildxVersion | undefined> {
  const { stdout } = await ports.processes.run(
    { command: 'docker', arguments: ['buildx', 'version'], environment: docker.environment },
    ports.signal,
  )
  return parseBuildxVersion(stdout)
}
