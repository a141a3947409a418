import { runningDigest } from '../../core/image/repository/running-reference.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { Ports } from '../../ports/ports.ts'
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
  ports: Ports,
): readonly SurveyedImage[] {
  const { plan, image, scans } = published
  const { gates } = plan
  if (image.reused && gates.scan.kind !== 'report') return []
  const digests = services.map(({ currentDefinition }) =>
    runningDigest(currentDefinition.definition, image.repository),
  )
  const running = digests.find((digest) => digest !== undefined)
  const measureStage = stageMeasure(published, ports)
  return [{ image, gates, running, scans, ...(measureStage && { measureStage }) }]
}

/** The docker that measures has no login of ours: what it exports is in the builder's cache. */
function stageMeasure({ plan, builder }: Published, ports: Ports): SurveyedImage['measureStage'] {
  if (plan.kind !== 'build' || builder === undefined) return undefined
  const { build, dockerfileText } = plan
  if (dockerfileText === undefined) return undefined
  return async (signal) => {
    const docker = await ports.dockerCredentials.open()
    try {
      return await measureBuilderStage(build, dockerfileText, builder, docker, { ...ports, signal })
    } finally {
      await docker.dispose()
    }
  }
}
