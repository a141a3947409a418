import type { PushedImage } from '../../image/image.ts'
import { stringAt } from '../../json.ts'
import { compareTaskDefinitions } from '../../task-definition/compare.ts'
import { renderTaskDefinition } from '../../task-definition/render.ts'
import { containerImages } from '../image/container-images.ts'
import { differingSettings } from './differing-settings.ts'
import type { ServicePlan } from './service-plan.ts'

/**
 * Whether the plan brings what the service's PRIMARY deployment brings already, digests included:
 * such a deployment is adopted and not made again.
 * @param image Undefined: the task definition is deployed as it is.
 */
export function bringsTheSame(plan: ServicePlan, image: PushedImage | undefined): boolean {
  const { source, planned, currentDefinition } = plan
  const differs = differingSettings(plan.settings, plan.current.raw).length > 0
  if (plan.forceNewDeployment || differs) return false
  const next = renderTaskDefinition(source, containerImages(plan, image), planned)
  const { definition } = currentDefinition
  return (
    stringAt(definition, 'family') === stringAt(next, 'family') &&
    compareTaskDefinitions(definition, next).length === 0
  )
}
