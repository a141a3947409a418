import { backOffMs } from '../../core/back-off.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { InDoubt } from '../../core/errors/in-doubt.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { objectAt, type JsonObject } from '../../core/json.ts'
import { differingSettings } from '../../core/plan/service/differing-settings.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import { effectOfUpdate, type UpdateEffect } from '../../core/plan/service/update-effect.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import { readCurrentService } from '../../core/rollout/observation/read-current-service.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import { emptyAnswer } from '../aws/empty-answer.ts'
import { Sending } from '../aws/sending.ts'
import { findService, nameOf } from '../aws/find-service.ts'
import type { ServiceUpdate } from './service-update.ts'

const updateAttempts = 5
/** How long a look may be older than an update that was accepted. */
const looksAfterLostAnswer = 3
/** Looks that may fail meanwhile: they show nothing, neither that it arrived nor that it did not. */
const failuresAfterLostAnswer = 6

/**
 * UpdateService has no client token: after a lost answer only a look tells whether it was done, and
 * it is not sent again. What surely was not done (throttled, no connection) is tried again.
 * @throws InDoubt where the service may have taken it all the same; the report says that it may go on.
 */
export async function sendUpdate(work: ServiceUpdate): Promise<UpdateEffect> {
  const sending = new Sending(work.ports.signal)
  try {
    return await sendUntilDone(work, sending)
  } catch (error) {
    if (!sending.maybeTaken) throw error
    const where = describePlace(work.place)
    const what = `the update of ${where} to ${work.revision.name}`
    work.ports.report.goesOn(`${what} was sent; ECS may be rolling it out`)
    throw new InDoubt(error)
  }
}

async function sendUntilDone(work: ServiceUpdate, sending: Sending): Promise<UpdateEffect> {
  const { ports, place } = work
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    ports.report.begin()
    try {
      return await sending.attempt(() => sendOnce(work))
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      ports.report.detail(`UpdateService: ${error.code}: ${error.message}`)
      if (sending.maybeTaken) return await lookForUpdate(work, error)
      const again = (error.throttled || error.unsent) && attempt < updateAttempts
      if (!again) throw explainEcs(error, place)
      await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
    }
  }
}

async function sendOnce({ plan, revision, session }: ServiceUpdate): Promise<UpdateEffect> {
  const answer = await session.ecs.updateService(inputOf(plan, revision))
  const updated = readCurrentService(objectAt(answer, 'service'))
  const effect = effectOfUpdate(plan, revision, updated)
  if (effect !== undefined) return effect
  throw emptyAnswer('UpdateService', 'the answer shows no deployment of ours')
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

/** A look that fails says nothing about the update: it is no look. */
async function lookAgain({
  plan,
  session,
  ports,
}: ServiceUpdate): Promise<CurrentService | undefined> {
  try {
    const found = await findService(nameOf(plan.current), session.ecs, ports.signal)
    return found && readCurrentService(found)
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    ports.report.detail(`a look failed: ${error.code}: ${error.message}`)
    return undefined
  }
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
async function lookForUpdate(work: ServiceUpdate, { code }: AwsFailure): Promise<UpdateEffect> {
  const { plan, revision, ports, place } = work
  const answered = code === 'EmptyAnswer' ? 'was answered without a deployment' : 'gave no answer'
  let looks = 0
  let failures = 0
  while (looks < looksAfterLostAnswer && failures <= failuresAfterLostAnswer) {
    await ports.clock.sleep(backOffMs(looks + failures + 1, ports.clock.chance()), ports.signal)
    const found = await lookAgain(work)
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
