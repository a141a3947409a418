import { differingSettings } from '../../core/plan/service/differing-settings.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import { readServiceView } from '../../core/rollout/observation/observation.ts'
import type { ServiceDeployment } from '../../core/rollout/observation/service-deployment.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { sendUpdate } from './send-update.ts'
import { createServiceUpdate, type UpdatePorts } from './service-update.ts'

/**
 * Makes the service run `revision` and be as the settings say: one UpdateService with cluster,
 * service, task definition and what was asked for; nothing that the user did not ask for. A service
 * that is so already is left alone unless forced.
 * @throws InDoubt where the service may have been changed all the same.
 */
export async function updateService(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
): Promise<ServiceDeployment> {
  const { current, forceNewDeployment, settings, service } = plan
  const requestedAtMs = ports.clock.monotonicMs()
  const differing = differingSettings(settings, current.raw)
  const onRevision = current.taskDefinitionArn === revision.arn
  if (onRevision && !forceNewDeployment && differing.length === 0) {
    ports.report.line(`${service} is on ${revision.name} already: nothing to update`)
    return { ...adopted(plan, revision), requestedAtMs }
  }
  const effect = await sendUpdate(createServiceUpdate(plan, revision, session, ports))
  if (differing.length > 0) ports.report.line(`${service}: changed ${differing.join(', ')}`)
  if (effect === 'nothing-started') {
    ports.report.line(`${service} was on ${revision.name} already: ECS started nothing`)
    const settingsChanged = differing.length > 0
    return { ...adopted(plan, revision), requestedAtMs, settingsChanged }
  }
  const { id: deploymentId, createdAt } = effect
  ports.report.line(`${service} updates to ${revision.name}: deployment ${deploymentId}`)
  return {
    ...{ revision, requestedAtMs, started: true, deploymentId },
    ...(createdAt !== undefined && { createdAt }),
    previousTaskDefinitionArn: current.taskDefinitionArn,
  }
}

/** The deployment that is there already. */
function adopted({ current }: ServicePlan, revision: TaskDefinitionRevision) {
  return {
    ...{ revision, started: false },
    deploymentId: current.primaryDeploymentId ?? '',
    previousTaskDefinitionArn: olderDefinition(current) ?? revision.arn,
  }
}

/** What a rollback of a deployment that is under way would return to. */
function olderDefinition(current: CurrentService): string | undefined {
  return readServiceView(current.raw).deployments.find(
    ({ id, taskDefinitionArn }) =>
      id !== current.primaryDeploymentId && taskDefinitionArn !== current.taskDefinitionArn,
  )?.taskDefinitionArn
}
