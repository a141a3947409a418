import type { CurrentService } from '../../rollout/observation/current-service.ts'
import { readServiceView, type Deployment } from '../../rollout/observation/observation.ts'
import type { TaskDefinitionRevision } from '../../task-definition/revision.ts'
import type { ServicePlan } from './service-plan.ts'

/** What our UpdateService did: it started a deployment, or the service needed none. */
export type UpdateEffect = Deployment | 'nothing-started'

/**
 * What a service shows of our UpdateService. Ours is a deployment of our revision that was not there
 * before; it need not be PRIMARY, for blue may be it for long (undocumented for staged deployments).
 * UpdateService starts none where the revision is the same and nothing else asks for one.
 * @param found The service as UpdateService answered it, or as a look after it showed it.
 * @returns undefined where it shows nothing of our update.
 */
export function effectOfUpdate(
  { current, forceNewDeployment }: ServicePlan,
  { arn }: TaskDefinitionRevision,
  found: CurrentService,
): UpdateEffect | undefined {
  const before = new Set(readServiceView(current.raw).deployments.map(({ id }) => id))
  const ours = readServiceView(found.raw).deployments.filter(
    ({ id, taskDefinitionArn }) => taskDefinitionArn === arn && !before.has(id),
  )
  const started = ours.find(({ status }) => status === 'PRIMARY') ?? ours[0]
  if (started !== undefined) return started
  const needsDeployment = forceNewDeployment || current.taskDefinitionArn !== arn
  return !needsDeployment && found.taskDefinitionArn === arn ? 'nothing-started' : undefined
}
