import { ActionError, toActionError } from '../core/errors/action-error.ts'
import type { PushedImage } from '../core/image/image.ts'
import type { ServicePlan } from '../core/plan/service-plan.ts'
import type { ServiceOutcome } from '../core/rollout/service-outcome.ts'
import type { TaskDefinitionRevision } from '../core/task-definition/revision.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { awaitRollout } from './await-rollout.ts'
import { registerTaskDefinition } from './register-task-definition.ts'
import { updateService } from './update-service.ts'

/**
 * Brings every service to its revision. Revisions are registered one after the other, so that one
 * that two services share is found and not registered twice; then all services move side by side,
 * and the failure of one does not stop the others.
 * @param image Undefined: the task definitions are deployed as they are.
 * @throws ActionError where a revision could not be registered; no service was updated then.
 */
export async function deployServices(
  plans: readonly ServicePlan[],
  image: PushedImage | undefined,
  session: AwsSession,
  ports: Ports,
): Promise<readonly ServiceOutcome[]> {
  const { report } = ports
  const revisions = await report.phase('register', 'Registering the task definition', async () => {
    const registered: [ServicePlan, TaskDefinitionRevision][] = []
    for (const plan of plans) {
      registered.push([plan, await registerTaskDefinition(plan, image, session, ports)])
    }
    return registered
  })
  const outcomes = await Promise.all(
    revisions.map(([plan, revision]) => deployService(plan, revision, image, session, ports)),
  )
  report.record({ services: outcomes })
  return outcomes
}

async function deployService(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: Ports,
): Promise<ServiceOutcome> {
  const { report } = ports
  const { serviceArn } = plan.current
  report.record({ serviceArn, taskDefinitionArn: revision.arn })
  let started = false
  try {
    const deployment = await report.phase('update', `Updating ${plan.service}`, () =>
      updateService(plan, revision, session, ports),
    )
    const { deploymentId, previousTaskDefinitionArn } = deployment
    started = deployment.started
    report.record({ deploymentId, previousTaskDefinitionArn, ...(started && { updated: true }) })
    return await report.phase('rollout', `Following ${plan.service}`, () =>
      awaitRollout(plan, deployment, image, session, ports),
    )
  } catch (error) {
    return notDeployed(plan, revision, toActionError(error), started)
  }
}

/** A service whose update was refused, or whose watch broke. */
function notDeployed(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  error: ActionError,
  started: boolean,
): ServiceOutcome {
  return {
    cluster: plan.cluster,
    service: plan.service,
    serviceArn: plan.current.serviceArn,
    outcome: outcomeOfError(error),
    changed: started,
    verified: false,
    taskDefinitionArn: revision.arn,
    previousTaskDefinitionArn: plan.current.taskDefinitionArn,
    deploymentId: undefined,
    deploymentArn: undefined,
    evidence: { reasons: [], stoppedTasks: [], events: [], runningImages: [] },
    error,
  }
}

/** A lost answer is no failure of the service: nobody knows whether it took the update. */
function outcomeOfError(error: ActionError): 'cancelled' | 'unknown' | 'failed' {
  if (error.code === 'cancelled') return 'cancelled'
  return error.code === 'update-lost' ? 'unknown' : 'failed'
}
