import { backOffMs } from '../core/back-off.ts'
import { ActionError } from '../core/errors/action-error.ts'
import { AwsFailure } from '../core/errors/aws-failure.ts'
import { describePlace, type EcsPlace } from '../core/faults/ecs-fault.ts'
import { explainEcs } from '../core/faults/ecs.ts'
import { objectAt, objectsAt, type JsonObject } from '../core/json.ts'
import type { ServicePlan } from '../core/plan/service-plan.ts'
import type { CurrentService } from '../core/rollout/current-service.ts'
import { readServiceView } from '../core/rollout/observation.ts'
import { readCurrentService } from '../core/rollout/read-current-service.ts'
import type { ServiceDeployment } from '../core/rollout/service-deployment.ts'
import type { TaskDefinitionRevision } from '../core/task-definition/revision.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { untilAborted } from './until-aborted.ts'

const updateAttempts = 5
/** How long a look may be older than an update that was accepted. */
const looksAfterLostAnswer = 3

type UpdatePorts = Pick<Ports, 'clock' | 'report' | 'signal'>

/**
 * Makes the service run `revision`: one UpdateService with cluster, service, task definition and,
 * if asked for, the force; nothing that the user did not ask for. A service that runs the revision
 * already is left alone unless forced.
 */
export async function updateService(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
): Promise<ServiceDeployment> {
  const { current, forceNewDeployment } = plan
  const requestedAtMs = ports.clock.monotonicMs()
  if (current.taskDefinitionArn === revision.arn && !forceNewDeployment) {
    ports.report.line(`${plan.service} is on ${revision.name} already: nothing to update`)
    return {
      ...{ revision, requestedAtMs, started: false },
      deploymentId: current.primaryDeploymentId ?? '',
      previousTaskDefinitionArn: olderDefinition(current) ?? revision.arn,
    }
  }
  const after = await update(plan, revision, session, ports)
  const deploymentId = after.primaryDeploymentId ?? ''
  const started = deploymentId !== current.primaryDeploymentId
  ports.report.line(
    started
      ? `${plan.service} updates to ${revision.name}: deployment ${deploymentId}`
      : `${plan.service} was on ${revision.name} already: ECS started nothing`,
  )
  const previousTaskDefinitionArn = current.taskDefinitionArn
  return { revision, requestedAtMs, started, deploymentId, previousTaskDefinitionArn }
}

/** What a rollback of a deployment that is under way would return to. */
function olderDefinition(current: CurrentService): string | undefined {
  return readServiceView(current.raw).deployments.find(
    ({ id, taskDefinitionArn }) =>
      id !== current.primaryDeploymentId && taskDefinitionArn !== current.taskDefinitionArn,
  )?.taskDefinitionArn
}

/**
 * UpdateService has no client token: after a lost answer only a look tells whether it was done, and
 * it is not sent again. What surely was not done (throttled, no connection) is tried again.
 */
async function update(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
): Promise<CurrentService> {
  const { current, forceNewDeployment } = plan
  const input: JsonObject = {
    cluster: current.clusterArn,
    service: current.serviceName,
    taskDefinition: revision.arn,
    ...(forceNewDeployment && { forceNewDeployment }),
  }
  const place = { region: session.region, cluster: plan.cluster, service: plan.service }
  ports.report.begin()
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await untilAborted(session.ecs.updateService(input), ports.signal)
      return readCurrentService(objectAt(answer, 'service'))
    } catch (error) {
      if (!(error instanceof AwsFailure)) {
        if (ports.signal.aborted) sayThatItMayGoOn(place, revision, ports)
        throw error
      }
      ports.report.detail(`UpdateService: ${error.code}: ${error.message}`)
      const notDone = error.throttled || error.unsent
      if (!notDone && error.ambiguous) return await lookForUpdate(plan, revision, session, ports)
      if (!notDone || attempt >= updateAttempts) throw explainEcs(error, place)
      await ports.clock.sleep(backOffMs(attempt), ports.signal)
    }
  }
}

/** A look that fails says nothing about the update: it is no look. */
async function lookAgain(
  look: () => Promise<JsonObject>,
  { report, signal }: UpdatePorts,
): Promise<CurrentService | undefined> {
  try {
    const answer = await untilAborted(look(), signal)
    return objectsAt(answer, 'services').map(readCurrentService)[0]
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    report.detail(`a look failed: ${error.code}: ${error.message}`)
    return undefined
  }
}

/** UpdateService was sent and nobody has seen it arrive. */
function sayThatItMayGoOn(
  place: EcsPlace,
  revision: TaskDefinitionRevision,
  { report }: UpdatePorts,
): void {
  const where = describePlace(place)
  report.goesOn(`the update of ${where} to ${revision.name} was sent; ECS may be rolling it out`)
}

/**
 * The service once its PRIMARY deployment is a new one of our revision.
 * @throws ActionError `update-lost` where no look shows it.
 */
async function lookForUpdate(
  { current, cluster, service }: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
): Promise<CurrentService> {
  const place = { region: session.region, cluster, service }
  const input = { cluster: current.clusterArn, services: [current.serviceName] }
  for (let look = 1; look <= looksAfterLostAnswer; look += 1) {
    await ports.clock.sleep(backOffMs(look), ports.signal)
    const found = await lookAgain(() => session.ecs.describeServices(input), ports)
    const changed = found?.primaryDeploymentId !== current.primaryDeploymentId
    if (found !== undefined && changed && found.taskDefinitionArn === revision.arn) {
      ports.report.line("UpdateService's answer was lost, but the service has taken it")
      return found
    }
  }
  sayThatItMayGoOn(place, revision, ports)
  throw new ActionError(
    'update-lost',
    `UpdateService gave no answer, and ${describePlace(place)} does not show ${revision.name}`,
    'Look at the service, then run the job again: it adopts what is there. The update was sent once and is not sent again.',
  )
}
