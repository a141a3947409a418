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
import { followRollback, notSeen } from '../rollout/follow-rollback.ts'
import { createRollout, type Rollout } from '../rollout/rollout.ts'
import { stopDeployment, type StopAnswer, type StopSent } from '../rollout/stop-deployment.ts'
import { RolloutWatch } from '../rollout/watch-rollout.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

type StopPlan = Extract<RevertPlan, { kind: 'stop' }>

/**
 * Has ECS roll the service's active deployment back, and waits until it has landed.
 * @returns what became of the service; or, where the deployment was complete before the rollback
 * began, the plan of an update that leaves it.
 * @throws ActionError where that plan has nowhere to go.
 */
export async function revertByStop(
  { plan, record }: StopPlan,
  session: AwsSession,
  ports: RevertPorts,
): Promise<ServiceOutcome | ServicePlan> {
  const { report, signal } = ports
  const rollout = rolloutOf(plan, record, session, ports)
  const { deploymentId, previousTaskDefinitionArn } = rollout.deployment
  const facts = { deploymentId, deploymentArn: record.arn, previousTaskDefinitionArn }
  report.record({ serviceArn: plan.current.serviceArn, ...facts })
  report.begin()
  try {
    const outcome = await report.phase('rollout', `Rolling back ${plan.service}`, () =>
      stopAndFollow(rollout, record),
    )
    if (outcome !== undefined) return { ...outcome, deploymentArn: record.arn }
  } catch (error) {
    if (!signal.aborted) throw error
    report.goesOn(`the rollback of ${plan.service}: ${record.arn}`)
    const cancelled = { outcome: 'cancelled', verified: false } as const
    return outcomeOf(rollout, undefined, { ...cancelled, error: toActionError(signal.reason) })
  }
  report.warning(`${plan.service}: the deployment was complete before ECS could roll it back`)
  return await planReturn(await refreshPlan(plan, session, ports), undefined, session, ports)
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
  return createRollout(watched, deployment, undefined, session, ports)
}

/** @returns undefined where the deployment ended well before the rollback began. */
async function stopAndFollow(
  rollout: Rollout,
  record: ServiceDeploymentRecord,
): Promise<ServiceOutcome | undefined> {
  const { plan, deployment, ports } = rollout
  const answer: StopAnswer = isReturning(record)
    ? { kind: 'requested' }
    : await stopDeployment(rollout, record.arn)
  if (answer.kind === 'refused') return notStopped(notStarted(rollout), answer.why, answer.denied)
  ports.report.record({ updated: true })
  if (!plan.wait.awaited) return notAwaited(rollout, record, answer)
  const watch = new RolloutWatch(rollout, record.arn)
  const untilMs = deployment.requestedAtMs + plan.wait.deadlineMs
  const end = await followRollback(rollout, watch, answer, untilMs)
  if (end.kind === 'not-taken') return notStopped(rollout, end.why)
  if (end.kind === 'final' && end.outcome === 'deployed') return undefined
  if (end.kind === 'final' && end.outcome === 'rolled-back') {
    return await confirmReturn(rollout, record, watch)
  }
  const { latest, history } = watch
  return await concludeRollout(rollout, { brief: undefined, latest, history, watch }, end)
}

function notAwaited(
  rollout: Rollout,
  { arn }: ServiceDeploymentRecord,
  answer: StopSent,
): ServiceOutcome {
  const { report } = rollout.ports
  const { service } = rollout.plan
  if (answer.kind === 'lost') {
    report.goesOn(`the deployment of ${service}, or its rollback: ${arn}`)
    const error = notSeen(rollout, answer.why)
    return outcomeOf(rollout, undefined, { outcome: 'unknown', verified: false, error })
  }
  report.notice(`${service}: not waiting for the rollback; nothing is verified`)
  return outcomeOf(rollout, undefined, { outcome: 'submitted', verified: false })
}

/** The deployment goes on as it did. */
function notStopped(rollout: Rollout, why: string, denied = false): ServiceOutcome {
  const error = new ActionError(
    'rollback-impossible',
    `the deployment of ${rollout.plan.service} goes on; it is not rolled back: ${why}`,
    denied
      ? 'Allow ecs:StopServiceDeployment, or stop the deployment in the console.'
      : 'Run the job again, or stop the deployment in the console.',
  )
  return outcomeOf(rollout, undefined, { outcome: 'failed', verified: false, error })
}

/** Nothing of ours has reached the service. */
function notStarted(rollout: Rollout): Rollout {
  return { ...rollout, deployment: { ...rollout.deployment, started: false } }
}
