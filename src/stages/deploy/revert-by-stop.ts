import { ActionError, toActionError } from '../../core/errors/action-error.ts'
import type { RevertPlan } from '../../core/plan/plan.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import { pinnedImages } from '../../core/rollout/verdict/expected-images.ts'
import {
  deploymentOf,
  primaryOf,
  readServiceView,
} from '../../core/rollout/observation/observation.ts'
import {
  imagesOfRevision,
  type RunningImage,
} from '../../core/rollout/observation/running-images.ts'
import type { ServiceDeploymentRecord } from '../../core/rollout/observation/service-deployment-record.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { concludeRollout, outcomeOf } from '../rollout/conclude-rollout.ts'
import { planReturn, type RevertPorts } from '../preflight/plan-rollback.ts'
import { describeDefinition } from '../preflight/read-definition.ts'
import { refreshPlan } from './refresh-plan.ts'
import { createRollout, type Rollout } from '../rollout/rollout.ts'
import { stopDeployment } from '../rollout/stop-deployment.ts'
import { RolloutWatch } from '../rollout/watch-rollout.ts'

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
  { target }: ServiceDeploymentRecord,
  session: AwsSession,
  ports: RevertPorts,
): Rollout {
  const deploymentId = `ecs-svc/${target.arn.split('/').at(-1) ?? ''}`
  const leaving = deploymentOf(readServiceView(plan.current.raw), deploymentId)
  const { currentDefinition, policies } = plan
  const arn = leaving?.taskDefinitionArn ?? plan.current.taskDefinitionArn
  const name = arn.split('/').at(-1) ?? arn
  const { definition } = currentDefinition
  const deployment = {
    revision: { arn, name, registered: false, definition },
    ...{ deploymentId, started: true, requestedAtMs: ports.clock.monotonicMs() },
    previousTaskDefinitionArn: arn,
  }
  const asIs = { ...policies, onFailure: 'leave', onTimeout: 'leave' } as const
  return createRollout({ ...plan, policies: asIs }, deployment, undefined, session, ports)
}

/** @returns undefined where the deployment ended well before the rollback began. */
async function stopAndFollow(
  rollout: Rollout,
  record: ServiceDeploymentRecord,
): Promise<ServiceOutcome | undefined> {
  const { plan, deployment, ports } = rollout
  if (!record.rollingBack && !record.status.startsWith('ROLLBACK_')) {
    const answer = await stopDeployment(rollout, record.arn)
    if (answer.kind === 'refused') return notStopped(rollout, answer.why)
  }
  ports.report.record({ updated: true })
  if (!plan.wait.awaited) {
    ports.report.notice(`${plan.service}: not waiting for the rollback; nothing is verified`)
    return outcomeOf(rollout, undefined, { outcome: 'submitted', verified: false })
  }
  const watch = new RolloutWatch(rollout, record.arn)
  const end = await watch.followRollback(deployment.requestedAtMs + plan.wait.deadlineMs)
  if (end.kind === 'final' && end.outcome === 'deployed') return undefined
  if (end.kind === 'final' && end.outcome === 'rolled-back') {
    return await confirmReturn(rollout, record, watch)
  }
  const { latest, history } = watch
  return await concludeRollout(rollout, { brief: undefined, latest, history, watch }, end)
}

function notStopped(rollout: Rollout, why: string): ServiceOutcome {
  const error = new ActionError(
    'rollback-impossible',
    `the deployment of ${rollout.plan.service} goes on; it is not rolled back: ${why}`,
    'Allow ecs:StopServiceDeployment, or stop the deployment in the console.',
  )
  const untouched = { ...rollout, deployment: { ...rollout.deployment, started: false } }
  return outcomeOf(untouched, undefined, { outcome: 'failed', verified: false, error })
}

/** PRIMARY is what ECS returned to: what it runs is compared with what it ran before. */
async function confirmReturn(
  leaving: Rollout,
  record: ServiceDeploymentRecord,
  watch: RolloutWatch,
): Promise<ServiceOutcome> {
  const { plan, deployment, session, ports } = leaving
  const { latest, history } = watch
  const primary = latest && primaryOf(latest.service)
  const { id = '', taskDefinitionArn: arn = '' } = primary ?? {}
  const { definition } = await describeDefinition(arn, session, ports)
  const expectedImages = {
    pinned: pinnedImages(definition),
    resolved: await imagesBefore(leaving, id, record),
  }
  const name = arn.split('/').at(-1) ?? arn
  const returned = {
    ...{ ...deployment, deploymentId: id },
    revision: { arn, name, registered: false, definition },
  }
  const rollout = createRollout({ ...plan, expectedImages }, returned, undefined, session, ports)
  const seen = { brief: undefined, latest, history, watch: undefined }
  return concludeRollout(rollout, seen, { kind: 'final', outcome: 'deployed', reason: '' })
}

/** What ECS resolved for the deployment that it returned to, as the one that left names it. */
async function imagesBefore(
  { session, optional }: Rollout,
  deploymentId: string,
  { sourceRevisionArns }: ServiceDeploymentRecord,
): Promise<readonly RunningImage[]> {
  const number = deploymentId.split('/').at(-1)
  const arn = sourceRevisionArns.find((source) => source.split('/').at(-1) === number)
  if (arn === undefined) return []
  const without = 'the running digests cannot be compared with those of before'
  const answer = await optional.try('DescribeServiceRevisions', without, () =>
    session.ecs.describeServiceRevisions({ serviceRevisionArns: [arn] }),
  )
  return imagesOfRevision(answer ?? {})
}
