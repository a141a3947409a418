import type { BuildInputs } from '../../core/inputs/inputs.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { DockerSession } from './docker-session.ts'
import { locateRegistries } from './locate-registries.ts'

/** Logs in to the registries that a build may pull from; who opened `docker` closes it. @throws ActionError */
export async function logInForPulls(
  { registries }: Pick<BuildInputs, 'registries'>,
  docker: DockerConfiguration,
  session: AwsSession,
  ports: Ports,
): Promise<void> {
  const hosts = await locateRegistries(registries, session)
  const opened = { open: () => Promise.resolve(docker) }
  await new DockerSession(session, { ...ports, dockerCredentials: opened }).logIn(hosts)
}
