import type { ActionError } from '../../errors/action-error.ts'
import type { ServicePlan } from '../../plan/service/service-plan.ts'
import type { TaskDefinitionRevision } from '../../task-definition/revision.ts'
import type { ServiceOutcome } from './service-outcome.ts'

/**
 * What is said of a service that nobody followed to an end: it was left out, its update was refused
 * or not sent, or the watch broke.
 * @param revision What it was to run, or what it runs.
 * @param changed Whether this run has, or may have, changed the service.
 */
export function unfollowedService(
  { cluster, service, current }: ServicePlan,
  { arn, renderedFile }: Pick<TaskDefinitionRevision, 'arn' | 'renderedFile'>,
  error: ActionError,
  changed: boolean,
): ServiceOutcome {
  return {
    ...{ cluster, service, serviceArn: current.serviceArn },
    ...{ outcome: outcomeOfError(error, changed), changed, verified: false },
    ...{ taskDefinitionArn: arn, previousTaskDefinitionArn: current.taskDefinitionArn },
    ...(renderedFile !== undefined && { renderedTaskDefinition: renderedFile }),
    ...{ deploymentId: undefined, deploymentArn: undefined },
    evidence: { reasons: [], stoppedTasks: [], events: [], runningImages: [] },
    error,
  }
}

/**
 * A lost answer is no failure of the service: nobody knows whether it took the update. Nor is a watch
 * that broke after it: the deployment goes on.
 */
function outcomeOfError(
  { code }: ActionError,
  changed: boolean,
): 'cancelled' | 'unknown' | 'skipped' | 'failed' {
  if (code === 'cancelled') return 'cancelled'
  if (code === 'service-skipped') return 'skipped'
  return changed ? 'unknown' : 'failed'
}
