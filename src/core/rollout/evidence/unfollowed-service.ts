import type { ActionError } from '../../errors/action-error.ts'
import type { WatchPlan } from '../../plan/service/service-plan.ts'
import type { TaskDefinitionRevision } from '../../task-definition/revision.ts'
import type { ServiceDeployment } from '../observation/service-deployment.ts'
import type { ServiceOutcome } from './service-outcome.ts'

/**
 * What is said of a service that nobody followed to an end: it was left out, its update was refused
 * or not sent.
 * @param revision What it was to run, or what it runs.
 * @param changed Whether this run has, or may have, changed the service.
 */
export function unfollowedService(
  { cluster, service, current }: WatchPlan,
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
 * What is said of a deployment whose watch broke, or that was answered without anybody seeing it
 * taken. Whether this run started it or found it: it goes on, so that nobody knows its end.
 */
export function unfollowedDeployment(
  plan: WatchPlan,
  deployment: ServiceDeployment,
  error: ActionError,
): ServiceOutcome {
  const { deploymentId, brief, previousTaskDefinitionArn, revision } = deployment
  const changed = deployment.started || deployment.settingsChanged === true
  return {
    ...unfollowedService(plan, revision, error, changed),
    outcome: error.code === 'cancelled' ? 'cancelled' : 'unknown',
    deploymentId: deploymentId === '' ? undefined : deploymentId,
    ...{ deploymentArn: brief?.arn, previousTaskDefinitionArn },
  }
}

/** A lost answer is no failure of the service: nobody knows whether it took what was sent. */
function outcomeOfError(
  { code }: ActionError,
  changed: boolean,
): 'cancelled' | 'unknown' | 'skipped' | 'failed' {
  if (code === 'cancelled') return 'cancelled'
  if (code === 'service-skipped') return 'skipped'
  return changed ? 'unknown' : 'failed'
}
