import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace, type EcsPlace } from '../../core/faults/ecs-fault.ts'
import type { AnswerInputs } from '../../core/inputs/deploy/waiting.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import type { LifecycleHook } from '../../core/rollout/observation/lifecycle-hook.ts'
import { readServiceDeploymentBriefs } from '../../core/rollout/observation/observation.ts'
import { describePause, howToAnswer, pausesOf } from '../../core/rollout/verdict/pause.ts'
import {
  readServiceDeploymentRecords,
  type ServiceDeploymentRecord,
} from '../../core/rollout/observation/service-deployment-record.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { askEcs } from '../aws/ask-ecs.ts'

/** A deployment that is paused, and the hook that waits for an answer. */
export interface PausedDeployment {
  readonly record: ServiceDeploymentRecord
  readonly hook: LifecycleHook
}

/**
 * Finds the pause that is to be answered: the one that is named, or the only one there is.
 * @throws ActionError `pause-not-found` or `pause-undecided`, with the list of what waits.
 */
export async function findPausedDeployment(
  { deploymentArn, hookId }: AnswerInputs,
  { clusterArn: cluster, serviceName: service }: CurrentService,
  place: EcsPlace,
  session: AwsSession,
  signal: AbortSignal,
): Promise<PausedDeployment> {
  const arns =
    deploymentArn === undefined
      ? await listUnderWay({ cluster, service }, place, session, signal)
      : [deploymentArn]
  const answer =
    arns.length === 0
      ? {}
      : await askEcs(place, signal, () =>
          session.ecs.describeServiceDeployments({ serviceDeploymentArns: arns }),
        )
  const records = readServiceDeploymentRecords(answer)
  const waiting = records.flatMap((record) => pausesOf(record).map((hook) => ({ record, hook })))
  const meant = waiting.filter(({ hook }) => hookId === undefined || hook.id === hookId)
  const [paused, ...others] = meant
  if (paused === undefined) {
    throw notFound({ deploymentArn, hookId }, describePlace(place), records, waiting)
  }
  if (others.length === 0) return paused
  throw new ActionError(
    'pause-undecided',
    `several pauses of ${describePlace(place)} await an answer: ${meant.map(nameOf).join('; ')}`,
    'Name the one that is meant with `deployment-arn` and `hook-id`.',
  )
}

/** A service has one deployment under way; the call takes the ARNs of twenty. */
async function listUnderWay(
  service: { readonly cluster: string; readonly service: string },
  place: EcsPlace,
  session: AwsSession,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const answer = await askEcs(place, signal, () =>
    session.ecs.listServiceDeployments({ ...service, status: ['IN_PROGRESS'], maxResults: 20 }),
  )
  return readServiceDeploymentBriefs(answer).map(({ arn }) => arn)
}

function notFound(
  { deploymentArn, hookId }: Pick<AnswerInputs, 'deploymentArn' | 'hookId'>,
  where: string,
  records: readonly ServiceDeploymentRecord[],
  waiting: readonly PausedDeployment[],
): ActionError {
  const named = hookId === undefined ? 'no pause' : `no pause "${hookId}"`
  const deployment = deploymentArn === undefined ? '' : ` of ${deploymentArn}`
  const seen = records.map(({ arn, status }) => `${arn} is ${status}`)
  const there = waiting.length > 0 ? waiting.map(nameOf) : seen
  const known = there.length === 0 ? 'no deployment is under way' : there.join('; ')
  const [other] = waiting
  return new ActionError(
    'pause-not-found',
    `${named}${deployment} awaits an answer in ${where}: ${known}`,
    other === undefined
      ? 'Nothing waits there: it was answered, it ran into its time-out, or the deployment is over.'
      : `Check \`hook-id\`. ${howToAnswer(other.record.arn, other.hook)}`,
  )
}

function nameOf({ record, hook }: PausedDeployment): string {
  return `${describePause(record, hook)}, of ${record.arn}`
}
