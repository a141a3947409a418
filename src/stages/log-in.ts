import type { Repository } from '../core/image/repository.ts'
import type { DockerConfiguration } from '../ports/docker-credentials.ts'
import type { Ecr } from '../ports/ecr.ts'
import type { Ports } from '../ports/ports.ts'
import { askEcr, placeOf } from './ask-ecr.ts'

/**
 * Puts the registry's password into a Docker configuration of ours. It goes from ECR's answer into
 * a file of mode 0600, and neither into arguments nor into a log; both of its forms are masked first.
 */
export async function logIn(
  repository: Repository,
  ecr: Ecr,
  docker: DockerConfiguration,
  ports: Pick<Ports, 'report'>,
): Promise<void> {
  const token = await askEcr({ ...placeOf(repository), repository: undefined }, () =>
    ecr.authorizationToken(),
  )
  const { username, password } = token
  ports.report.mask(password)
  ports.report.mask(Buffer.from(`${username}:${password}`).toString('base64'))
  const { host } = repository.registry
  await docker.login([{ host, username, password }])
  ports.report.line(`logged in to ${host} until ${token.expiresAt.toISOString()}`)
}
