import { backOffMs } from '../../core/back-off.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { describePlace, type EcsPlace } from '../../core/faults/ecs-fault.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { objectAt, objectsAt, type JsonObject } from '../../core/json.ts'
import { differingSettings } from '../../core/plan/service/differing-settings.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import { readCurrentService } from '../../core/rollout/observation/read-current-service.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { emptyAnswer } from '../aws/empty-answer.ts'
import { untilAborted } from '../aws/until-aborted.ts'

const updateAttempts = 5
/** How long a look may be older than an update that was accepted. */
const looksAfterLostAnswer = 3
/** Looks that may fail meanwhile: they show nothing, neither that it arrived nor that it did not. */
const failuresAfterLostAnswer = 6

export type UpdatePorts = Pick<Ports, 'clock' | 'report' | 'signal'>

/**
 * UpdateService has no client token: after a lost answer only a look tells whether it was done, and
 * it is not sent again. What surely was not done (throttled, no connection) is tried again.
 */
export async function sendUpdate(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
): Promise<CurrentService> {
  const { current, forceNewDeployment, settings } = plan
  const input: JsonObject = {
    cluster: current.clusterArn,
    service: current.serviceName,
    taskDefinition: revision.arn,
    ...(forceNewDeployment && { forceNewDeployment }),
    ...settings,
  }
  const place = { region: session.region, cluster: plan.cluster, service: plan.service }
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    ports.report.begin()
    try {
      const answer = await untilAborted(() => session.ecs.updateService(input), ports.signal)
      const updated = readCurrentService(objectAt(answer, 'service'))
      if (updated.primaryDeploymentId !== undefined) return updated
      throw emptyAnswer('UpdateService', 'the answer names no deployment')
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
    const answer = await untilAborted(look, signal)
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

/** Whether the service shows that it has taken the update. */
function isTaken(
  { current, forceNewDeployment, settings }: ServicePlan,
  revision: TaskDefinitionRevision,
  found: CurrentService,
): boolean {
  if (found.taskDefinitionArn !== revision.arn) return false
  if (found.primaryDeploymentId !== current.primaryDeploymentId) return true
  const needsDeployment = forceNewDeployment || current.taskDefinitionArn !== revision.arn
  return !needsDeployment && differingSettings(settings, found.raw).length === 0
}

/**
 * The service once its PRIMARY deployment is a new one of our revision, or, where only settings
 * were sent, once they are so.
 * @throws ActionError `update-lost` where no look shows it.
 */
async function lookForUpdate(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
): Promise<CurrentService> {
  const { current, cluster, service } = plan
  const place = { region: session.region, cluster, service }
  const input = { cluster: current.clusterArn, services: [current.serviceName] }
  let looks = 0
  let failures = 0
  while (looks < looksAfterLostAnswer && failures <= failuresAfterLostAnswer) {
    await ports.clock.sleep(backOffMs(looks + failures + 1), ports.signal)
    const found = await lookAgain(() => session.ecs.describeServices(input), ports)
    if (found === undefined) failures += 1
    else looks += 1
    if (found !== undefined && isTaken(plan, revision, found)) {
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
