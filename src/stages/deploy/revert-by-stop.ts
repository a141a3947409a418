import { ActionError, toActionError } from '../../core/errors/action-error.ts'
import type { RevertPlan } from '../../core/plan/plan.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import {
  deploymentIdOf,
  deploymentOf,
  readServiceView,
} from '../../core/rollout/observation/observation.ts'
import {
  isReturning,
  type ServiceDeploymentRecord,
} from '../../core/rollout/observation/service-deployment-record.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { concludeRollout, outcomeOf } from '../rollout/conclude-rollout.ts'
import { planReturn, type RevertPorts } from '../preflight/plan-rollback.ts'
import { confirmReturn } from './confirm-return.ts'
import { refreshPlan } from './refresh-plan.ts'
import { followRollback, notSeen, seeEnd, type NotTaken } from '../rollout/follow-rollback.ts'
import {
  describeRequest,
  mayGoOn,
  type Refused,
  type RollbackRequest,
  type StopAnswer,
  type StopSent,
} from '../rollout/rollback-request.ts'
import { createRollout, deadlineOf, type Rollout } from '../rollout/rollout.ts'
import { stopDeployment } from '../rollout/stop-deployment.ts'
import { RolloutWatch, type WatchEnd } from '../rollout/watch-rollout.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

type StopPlan = Extract<RevertPlan, { kind: 'stop' }>

/**
 * Has ECS roll the service's active deployment back, and waits until it has landed. Never throws: the
 * deployment goes on in AWS whatever breaks here.
 * @returns what became of the service; or, where the deployment was complete before the rollback
 * began, the plan of an update that leaves it.
 */
export async function revertByStop(
  { plan, record }: StopPlan,
  session: AwsSession,
  ports: RevertPorts,
): Promise<ServiceOutcome | ServicePlan> {
  const { report } = ports
  const rollout = rolloutOf(plan, record, session, ports)
  const { deploymentId, previousTaskDefinitionArn } = rollout.deployment
  const facts = { deploymentId, deploymentArn: record.arn, previousTaskDefinitionArn }
  report.record({ serviceArn: plan.current.serviceArn, ...facts })
  report.begin()
  try {
    const outcome = await report.phase('rollout', `Rolling back ${plan.service}`, () =>
      stopAndFollow(rollout, record),
    )
    if (outcome !== undefined) return withRequest(rollout, record, outcome)
    report.warning(`${plan.service}: the deployment was complete before ECS could roll it back`)
    return await planReturn(await refreshPlan(plan, session, ports), undefined, session, ports)
  } catch (error) {
    return withRequest(rollout, record, notReverted(rollout, record, error))
  }
}

/** The deployment that goes, as a rollout that is watched; failing is what it is to do. */
function rolloutOf(
  plan: ServicePlan,
  { target, sourceRevisionArns }: ServiceDeploymentRecord,
  session: AwsSession,
  ports: RevertPorts,
): Rollout {
  const deploymentId = deploymentIdOf(target.arn)
  const leaving = deploymentOf(readServiceView(plan.current.raw), deploymentId)
  const { currentDefinition, policies } = plan
  const arn = leaving?.taskDefinitionArn ?? plan.current.taskDefinitionArn
  const name = nameInArn(arn)
  const { definition } = currentDefinition
  const deployment = {
    revision: { arn, name, registered: false, definition },
    ...{ deploymentId, started: true, requestedAtMs: ports.clock.monotonicMs() },
    previousTaskDefinitionArn: arn,
  }
  const asIs = { ...policies, onFailure: 'leave', onTimeout: 'leave' } as const
  // Before the one that goes this was PRIMARY, whatever is now.
  const [source] = sourceRevisionArns
  const primaryDeploymentId = source && deploymentIdOf(source)
  const watched = { ...plan, policies: asIs, current: { ...plan.current, primaryDeploymentId } }
  return createRollout({ plan: watched, deployment, image: undefined, session, ports })
}

/** @returns undefined where the deployment ended well before the rollback began. */
async function stopAndFollow(
  rollout: Rollout,
  record: ServiceDeploymentRecord,
): Promise<ServiceOutcome | undefined> {
  const { rollback, ports } = rollout
  const answer: StopAnswer = isReturning(record)
    ? { kind: 'requested' }
    : await stopDeployment(rollout, record.arn)
  rollback.request = answer
  if (answer.kind === 'refused') return notStopped(rollout, answer)
  if (mayGoOn(answer)) ports.report.record({ updated: true })
  const watch = new RolloutWatch(rollout, record.arn)
  const end = await follow(rollout, watch, answer)
  if (end === undefined) return notAwaited(rollout, record, answer, watch.latest?.record)
  if (end.kind === 'not-taken') return notStopped(rollout, end)
  if (end.kind === 'final' && end.outcome === 'deployed') {
    rollback.request = { kind: 'over' }
    return undefined
  }
  if (end.kind === 'final' && end.outcome === 'rolled-back') {
    return await confirmReturn(rollout, record, watch)
  }
  const { latest, history } = watch
  return await concludeRollout(rollout, { brief: undefined, latest, history, watch }, end)
}

/** @returns undefined where the rollback goes on, or may, and is not waited for. */
async function follow(
  rollout: Rollout,
  watch: RolloutWatch,
  answer: StopSent,
): Promise<WatchEnd | NotTaken | undefined> {
  if (rollout.plan.wait.awaited) {
    return await followRollback(rollout, watch, answer, deadlineOf(rollout))
  }
  return answer.kind === 'over' ? await seeEnd(rollout, watch) : undefined
}

function notAwaited(
  rollout: Rollout,
  { arn }: ServiceDeploymentRecord,
  answer: StopSent,
  latest: ServiceDeploymentRecord | undefined,
): ServiceOutcome {
  const { report } = rollout.ports
  const { service } = rollout.plan
  if (answer.kind === 'requested' || (latest !== undefined && isReturning(latest))) {
    report.notice(`${service}: not waiting for the rollback; nothing is verified`)
    return outcomeOf(rollout, undefined, { outcome: 'submitted', verified: false })
  }
  if (answer.kind === 'lost') report.goesOn(goingOn(rollout, arn, answer))
  const why = answer.kind === 'lost' ? answer.why : 'it calls the deployment ended, and not how'
  const error = notSeen(rollout, why)
  return outcomeOf(rollout, undefined, { outcome: 'unknown', verified: false, error })
}

/** The deployment goes on as it did. */
function notStopped(
  rollout: Rollout,
  { why, remedy }: Pick<Refused, 'why' | 'remedy'>,
): ServiceOutcome {
  const error = new ActionError(
    'rollback-impossible',
    `the deployment of ${rollout.plan.service} goes on; it is not rolled back: ${why}`,
    remedy ?? 'Run the job again, or stop the deployment in the console.',
  )
  return outcomeOf(rollout, undefined, { outcome: 'failed', verified: false, error })
}

/** What broke, or the signal, ended the following, or the plan of the update in its place. */
function notReverted(
  rollout: Rollout,
  { arn }: ServiceDeploymentRecord,
  cause: unknown,
): ServiceOutcome {
  const { signal, report } = rollout.ports
  const { request } = rollout.rollback
  const isGoing = mayGoOn(request)
  const end = { verified: false, error: toActionError(signal.aborted ? signal.reason : cause) }
  if (signal.aborted) {
    if (isGoing) report.goesOn(goingOn(rollout, arn, request))
    return outcomeOf(rollout, undefined, { ...end, outcome: 'cancelled' })
  }
  return outcomeOf(rollout, undefined, { ...end, outcome: isGoing ? 'unknown' : 'failed' })
}

function goingOn({ plan }: Rollout, arn: string, request: RollbackRequest): string {
  return `the rollback of ${plan.service} (${arn}): ${describeRequest(request)}`
}

/** Only a request that ECS has, or may have, taken changes the service. */
function withRequest(
  { rollback }: Rollout,
  { arn }: ServiceDeploymentRecord,
  outcome: ServiceOutcome,
): ServiceOutcome {
  return { ...outcome, deploymentArn: arn, changed: mayGoOn(rollback.request) }
}
