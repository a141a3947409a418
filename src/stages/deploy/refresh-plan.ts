import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import { readCurrentService } from '../../core/rollout/observation/read-current-service.ts'
import { checkContainers } from '../../core/task-definition/containers.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcs } from '../aws/ask-ecs.ts'
import { findService, nameOf } from '../aws/find-service.ts'
import { describeDefinition } from '../preflight/read-definition.ts'

/**
 * The plan with the service as it is now. What was planned upon the service's own definition follows
 * it to the one that it has now.
 * @throws ActionError
 */
export async function refreshPlan(
  plan: ServicePlan,
  session: AwsSession,
  ports: Pick<Ports, 'signal'>,
): Promise<ServicePlan> {
  const current = await describeService(plan, session, ports)
  if (current.taskDefinitionArn === plan.current.taskDefinitionArn) return { ...plan, current }
  const currentDefinition = await describeDefinition(current.taskDefinitionArn, session, ports)
  if (plan.source !== plan.currentDefinition) return { ...plan, current, currentDefinition }
  const { definition, origin } = currentDefinition
  const { planned, containerNames } = plan
  checkContainers(definition, containerNames, origin, 'container-name')
  checkContainers(definition, planned.containerNames, origin, 'container-name')
  return { ...plan, current, currentDefinition, source: currentDefinition }
}

async function describeService(
  { current, cluster, service }: ServicePlan,
  session: AwsSession,
  { signal }: Pick<Ports, 'signal'>,
): Promise<CurrentService> {
  const place = { region: session.region, cluster, service }
  const found = await askEcs(place, signal, () => findService(nameOf(current), session.ecs, signal))
  if (found !== undefined) return readCurrentService(found)
  throw new ActionError(
    'service-not-found',
    `${describePlace(place)} is not found any more`,
    'Check whether the service was deleted.',
  )
}
