import { ActionError } from '../../core/errors/action-error.ts'
import type { EcrHost } from '../../core/image/repository/repository.ts'
import { runningDigest } from '../../core/image/repository/running-reference.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { untilAborted } from '../aws/until-aborted.ts'
import { askToken } from './log-in.ts'
import { measureBuilderStage, stageOf } from './measure-builder-stage.ts'
import type { Published } from './publish-images.ts'
import type { Survey, SurveyedImage } from './survey-images.ts'

/** Docker alone needs about as long to export a small stage. */
const leastStageBudgetMs = 1_000
const mostStageBudgetMs = 5_000

/**
 * What is to be found out about published images, beside the rest of the run. Of one that was there
 * already, and goes nowhere, nothing but its scan: the run that built it has told the rest, and a run
 * with nothing to do asks for no more than that takes.
 * @param services Where they go; what they run now is what sizes are compared with.
 * @param tookMs How long the publishing took. A run that ends with it goes on for 5 % of that, 5 s at
 * most, to measure builder stages; less than a second would measure none.
 */
export function surveyOf(
  published: readonly Published[],
  services: readonly ServicePlan[],
  tookMs: number,
  session: AwsSession,
  ports: Ports,
): Survey {
  const told = published.filter(
    ({ plan, image }) => !image.reused || services.length > 0 || plan.gates.scan.kind === 'report',
  )
  const stageBudgetMs = Math.min(tookMs / 20, mostStageBudgetMs)
  const measuresStages = services.length > 0 || stageBudgetMs >= leastStageBudgetMs
  return {
    images: told.map((each) => {
      const measureStage = stageMeasure(each, session, ports)
      const surveyed = imageOf(each, services)
      if (measureStage === undefined) return surveyed
      if (measuresStages) return { ...surveyed, measureStage }
      ports.report.detail(
        'the builder stage was not measured: the run is too short to go on for it',
      )
      return surveyed
    }),
    stageBudgetMs,
  }
}

function imageOf({ plan, image }: Published, services: readonly ServicePlan[]): SurveyedImage {
  const digests = services.map(({ currentDefinition }) =>
    runningDigest(currentDefinition.definition, image.repository),
  )
  const running = digests.find((digest) => digest !== undefined)
  return { image, gates: plan.gates, running }
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
  if (plan.kind === 'merge' || builder === undefined) return undefined
  if (stageOf(plan) === undefined) return undefined
  return async (signal) => {
    const docker = await ports.dockerCredentials.open()
    try {
      const registries = [plan.repository.registry, ...plan.pullHosts]
      await logInTo(registries, docker, session, { ...ports, signal })
      return await measureBuilderStage(plan, builder, docker, { ...ports, signal })
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
      const ask = () => askToken(registry, session.ecr(registry), ports)
      const { username, password } = await untilAborted(ask, ports.signal)
      await docker.login([{ host: registry.host, username, password }])
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      ports.report.detail(`no login for the measure of the builder stage: ${error.message}`)
    }
  }
}
