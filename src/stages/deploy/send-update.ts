import { backOffMs } from '../../core/back-off.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { describePlace, type EcsPlace } from '../../core/faults/ecs-fault.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { objectAt, objectsAt, type JsonObject } from '../../core/json.ts'
import { differingSettings } from '../../core/plan/service/differing-settings.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import { effectOfUpdate, type UpdateEffect } from '../../core/plan/service/update-effect.ts'
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

/** What the sender of an UpdateService knows of it, however the sending ends. */
export interface SentUpdate {
  /** Whether ECS may have taken it: it was sent, and no refusal came back. */
  maybeTaken: boolean
}

/**
 * UpdateService has no client token: after a lost answer only a look tells whether it was done, and
 * it is not sent again. What surely was not done (throttled, no connection) is tried again. Whatever
 * ends the sending with the update in doubt, the report says that it may go on, and `sent` keeps it.
 */
export async function sendUpdate(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
  sent: SentUpdate = { maybeTaken: false },
): Promise<UpdateEffect> {
  try {
    return await sendUntilDone(plan, revision, session, ports, sent)
  } catch (error) {
    const place = { region: session.region, cluster: plan.cluster, service: plan.service }
    if (sent.maybeTaken) sayThatItMayGoOn(place, revision, ports)
    throw error
  }
}

async function sendUntilDone(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
  sent: SentUpdate,
): Promise<UpdateEffect> {
  const input = inputOf(plan, revision)
  const place = { region: session.region, cluster: plan.cluster, service: plan.service }
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    ports.report.begin()
    try {
      sent.maybeTaken = true
      const answer = await untilAborted(() => session.ecs.updateService(input), ports.signal)
      const updated = readCurrentService(objectAt(answer, 'service'))
      const effect = effectOfUpdate(plan, revision, updated)
      if (effect !== undefined) return effect
      throw emptyAnswer('UpdateService', 'the answer shows no deployment of ours')
    } catch (error) {
      sent.maybeTaken = mayBeTaken(error, ports.signal)
      if (!(error instanceof AwsFailure)) throw error
      ports.report.detail(`UpdateService: ${error.code}: ${error.message}`)
      if (sent.maybeTaken) return await lookForUpdate(plan, revision, session, ports, error)
      const again = (error.throttled || error.unsent) && attempt < updateAttempts
      if (!again) throw explainEcs(error, place)
      await ports.clock.sleep(backOffMs(attempt), ports.signal)
    }
  }
}

function inputOf(
  { current, forceNewDeployment, settings }: ServicePlan,
  revision: TaskDefinitionRevision,
): JsonObject {
  return {
    cluster: current.clusterArn,
    service: current.serviceName,
    taskDefinition: revision.arn,
    ...(forceNewDeployment && { forceNewDeployment }),
    ...settings,
  }
}

/** Credentials that cannot be had (the only other ActionError) end a call before it is sent. */
function mayBeTaken(error: unknown, { reason }: AbortSignal): boolean {
  if (error instanceof AwsFailure) return error.ambiguous && !error.throttled && !error.unsent
  return !(error instanceof ActionError) || error === reason
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

/** A look right after the update may be older than it: settings that are not so yet prove nothing. */
function shownEffect(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  found: CurrentService,
): UpdateEffect | undefined {
  const effect = effectOfUpdate(plan, revision, found)
  if (effect !== 'nothing-started') return effect
  return differingSettings(plan.settings, found.raw).length === 0 ? effect : undefined
}

/**
 * What the update did, once the service shows a new deployment of our revision, or, where only
 * settings were sent, once they are so.
 * @throws ActionError `update-lost` where no look shows it.
 */
async function lookForUpdate(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  session: AwsSession,
  ports: UpdatePorts,
  { code }: AwsFailure,
): Promise<UpdateEffect> {
  const { current, cluster, service } = plan
  const place = { region: session.region, cluster, service }
  const input = { cluster: current.clusterArn, services: [current.serviceName] }
  const answered = code === 'EmptyAnswer' ? 'was answered without a deployment' : 'gave no answer'
  let looks = 0
  let failures = 0
  while (looks < looksAfterLostAnswer && failures <= failuresAfterLostAnswer) {
    await ports.clock.sleep(backOffMs(looks + failures + 1), ports.signal)
    const found = await lookAgain(() => session.ecs.describeServices(input), ports)
    if (found === undefined) failures += 1
    else looks += 1
    const effect = found && shownEffect(plan, revision, found)
    if (effect !== undefined) {
      ports.report.line(`UpdateService ${answered}, but the service has taken it`)
      return effect
    }
  }
  throw new ActionError(
    'update-lost',
    `UpdateService ${answered}, and ${describePlace(place)} does not show ${revision.name}`,
    'Look at the service, then run the job again: it adopts what is there. The update was sent once and is not sent again.',
  )
}
