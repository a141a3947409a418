import { ActionError } from '../../core/errors/action-error.ts'
import type { EcrHost } from '../../core/image/repository/repository.ts'
import { runningDigest } from '../../core/image/repository/running-reference.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { askToken } from './log-in.ts'
import { measureBuilderStage } from './measure-builder-stage.ts'
import type { Published } from './publish-images.ts'
import type { SurveyedImage } from './survey-images.ts'

/**
 * What is to be found out about a published image, beside the rest of the run. Of one that was there
 * already all is known but its scan.
 * @param services Where it goes; what they run now is what its size is compared with.
 */
export function surveyOf(
  published: Published,
  services: readonly ServicePlan[],
  session: AwsSession,
  ports: Ports,
): readonly SurveyedImage[] {
  const { plan, image } = published
  const { gates } = plan
  if (image.reused && gates.scan.kind !== 'report') return []
  const digests = services.map(({ currentDefinition }) =>
    runningDigest(currentDefinition.definition, image.repository),
  )
  const running = digests.find((digest) => digest !== undefined)
  const measureStage = stageMeasure(published, session, ports)
  return [{ image, gates, running, ...(measureStage && { measureStage }) }]
}

/**
 * The docker that measures asks for logins of its own: those of the build are gone by then, and even a
 * stage that is in the builder's cache is not exported before the registry of its base has answered
 * (measured with buildx 0.13.1 and 0.38.2).
 */
function stageMeasure(
  { plan, builder }: Published,
  session: AwsSession,
  ports: Ports,
): SurveyedImage['measureStage'] {
  if (plan.kind !== 'build' || builder === undefined) return undefined
  const { build, dockerfileText, repository, pullHosts } = plan
  if (dockerfileText === undefined) return undefined
  return async (signal) => {
    const docker = await ports.dockerCredentials.open()
    try {
      await logInTo([repository.registry, ...pullHosts], docker, session, ports)
      return await measureBuilderStage(build, dockerfileText, builder, docker, { ...ports, signal })
    } finally {
      await docker.dispose()
    }
  }
}

/** Without a login, a stage on a public base can still be measured. */
async function logInTo(
  registries: readonly EcrHost[],
  docker: DockerConfiguration,
  session: AwsSession,
  ports: Ports,
): Promise<void> {
  for (const registry of registries) {
    try {
      const { username, password } = await askToken(registry, session.ecr(registry), ports)
      await docker.login([{ host: registry.host, username, password }])
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      ports.report.detail(`no login for the measure of the builder stage: ${error.message}`)
    }
  }
}
