import { toActionError, type ActionError } from '../../core/errors/action-error.ts'
import type { RevertPlan, RollbackPlan } from '../../core/plan/plan.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import { unfollowedService } from '../../core/rollout/evidence/unfollowed-service.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { deployServices, type ServicesToDeploy } from './deploy-services.ts'
import type { RevertPorts } from '../preflight/plan-rollback.ts'
import { revertByStop } from './revert-by-stop.ts'

/**
 * Returns every service to what it ran before. Deployments that are under way are stopped first,
 * side by side; one that was complete before that is left by an update, like the others.
 * @throws ActionError where no deployment was stopped, and none updated.
 */
export async function revertServices(
  { reverts, deployOrder }: RollbackPlan,
  session: AwsSession,
  ports: RevertPorts,
): Promise<readonly ServiceOutcome[]> {
  const { report } = ports
  const outcomes = new Map<RevertPlan, ServiceOutcome>()
  const updates = new Map<RevertPlan, ServicePlan>()
  await Promise.all(
    reverts.map(async (revert) => {
      if (revert.kind === 'update') {
        updates.set(revert, revert.plan)
        return
      }
      const end = await revertByStop(revert, session, ports)
      if ('outcome' in end) outcomes.set(revert, end)
      else updates.set(revert, end)
    }),
  )
  if (updates.size > 0) {
    const services = [...updates.values()]
    const updated = await updateAll({ services, deployOrder }, session, ports).catch(
      (error: unknown) => {
        if (outcomes.size === 0) throw error
        return services.map((plan) => notUpdated(plan, toActionError(error)))
      },
    )
    for (const [i, revert] of [...updates.keys()].entries()) {
      const outcome = updated[i]
      if (outcome !== undefined) outcomes.set(revert, outcome)
    }
  }
  const inOrder = reverts.flatMap((revert) => outcomes.get(revert) ?? [])
  report.record({ services: inOrder })
  return inOrder
}

async function updateAll(
  toDeploy: ServicesToDeploy,
  session: AwsSession,
  ports: RevertPorts,
): Promise<readonly ServiceOutcome[]> {
  return (await deployServices(toDeploy, undefined, session, ports)).services
}

/** The updates ended before the first one, with an error or the run's cancellation. */
function notUpdated(plan: ServicePlan, error: ActionError): ServiceOutcome {
  return unfollowedService(plan, { arn: plan.current.taskDefinitionArn }, error, false)
}
