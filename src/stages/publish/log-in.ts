import { basicCredential } from '../../core/image/repository/basic-credential.ts'
import type { EcrHost } from '../../core/image/repository/repository.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ecr, RegistryToken } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, registryPlaceOf } from '../aws/ask-ecr.ts'

/** Asks for the password of a region's registries; both of its forms are masked first. @throws ActionError */
export async function askToken(
  registry: EcrHost,
  ecr: Ecr,
  ports: Pick<Ports, 'report'>,
): Promise<RegistryToken> {
  const token = await askEcr(registryPlaceOf(registry), () => ecr.authorizationToken())
  ports.report.mask(token.password)
  ports.report.mask(basicCredential(token))
  return token
}

/**
 * Puts a registry's password into a Docker configuration of ours. It goes from ECR's answer into
 * a file of mode 0600, and neither into arguments nor into a log.
 */
export async function logIn(
  { host }: EcrHost,
  { username, password, expiresAt }: RegistryToken,
  docker: DockerConfiguration,
  ports: Pick<Ports, 'report'>,
): Promise<void> {
  await docker.login([{ host, username, password }])
  ports.report.line(`logged in to ${host} until ${expiresAt.toISOString()}`)
}
