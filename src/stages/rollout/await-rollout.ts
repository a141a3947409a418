import { ActionError, toActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import {
  deploymentOf,
  readServiceView,
  type ServiceDeploymentBrief,
} from '../../core/rollout/observation/observation.ts'
import { pausesOf } from '../../core/rollout/verdict/pause.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import { concludeEarly } from './conclude-early.ts'
import { concludeRollout, outcomeOf } from './conclude-rollout.ts'
import { confirmUnchanged } from './confirm-unchanged.ts'
import { describeRequest, mayGoOn, type RollbackRequest } from './rollback-request.ts'
import { createRollout, type Following, type Rollout } from './rollout.ts'
import { stopOnCancel } from './stop-on-cancel.ts'
import { RolloutWatch } from './watch-rollout.ts'

/**
 * Waits for one service's deployment by its own id, and tells the truth about its end. Never
 * throws for what a deployment can end as: failed, lost, timed out and cancelled are outcomes.
 */
export async function awaitRollout(following: Following): Promise<ServiceOutcome> {
  const { plan, ports } = following
  const rollout = createRollout(following)
  let watch: RolloutWatch | undefined
  try {
    if (!plan.wait.awaited) return notAwaited(rollout)
    if (isComplete(rollout)) return await awaitUnchanged(rollout)
    watch = new RolloutWatch(rollout)
    return withStage(await awaitDeployment(rollout, watch), watch)
  } catch (error) {
    if (!ports.signal.aborted) throw error
    return withStage(await cancelled(rollout, watch?.brief), watch)
  }
}

/** Adds where a staged deployment was last seen to stand. */
function withStage(outcome: ServiceOutcome, watch: RolloutWatch | undefined): ServiceOutcome {
  const record = watch?.latest?.record
  const stage = record?.lifecycleStage
  return stage === undefined ? outcome : { ...outcome, stage, hookId: pausesOf(record)[0]?.id }
}

/** Whether there is no deployment to wait for: ours was not started, and what runs is complete. */
function isComplete({ plan, deployment, watched }: Rollout): boolean {
  if (deployment.started) return false
  const { deployments } = readServiceView(plan.current.raw)
  const running = deploymentOf({ ...readServiceView({}), deployments }, deployment.deploymentId)
  // Green may be called steady while blue still waits for the end of the bake.
  return running?.rolloutState !== 'IN_PROGRESS' && !(watched.staged && deployments.length > 1)
}

function notAwaited(rollout: Rollout): ServiceOutcome {
  const { report } = rollout.ports
  report.notice(
    `${describePlace(rollout.place)}: not waiting, as \`wait-for-service-stability\` says; nothing is verified`,
  )
  return outcomeOf(rollout, undefined, { outcome: 'submitted', verified: false })
}

async function awaitUnchanged(rollout: Rollout): Promise<ServiceOutcome> {
  const { end, latest, history } = await confirmUnchanged(rollout)
  const view = { brief: undefined, latest, history, watch: undefined }
  return concludeRollout(rollout, view, end.kind === 'well' ? { kind: 'unchanged' } : end)
}

async function awaitDeployment(rollout: Rollout, watch: RolloutWatch): Promise<ServiceOutcome> {
  const end = await watch.run()
  const { brief, latest, history } = watch
  switch (end.kind) {
    case 'reached':
    case 'paused':
    case 'unanswered':
      return concludeEarly(rollout, { brief, latest, history }, end)
    default:
      return concludeRollout(rollout, { brief, latest, history, watch }, end)
  }
}

/** What was begun in AWS goes on there: says so, after the one request that `on-cancel` allows. */
async function cancelled(
  rollout: Rollout,
  brief: ServiceDeploymentBrief | undefined,
): Promise<ServiceOutcome> {
  const { deployment, place, ports } = rollout
  const where = describePlace(place)
  const name = brief?.arn ?? deployment.deploymentId
  const reason = toActionError(ports.signal.reason)
  const end = { outcome: 'cancelled', verified: false } as const
  const request = await rollbackOf(rollout, brief?.arn)
  if (request !== undefined) {
    const what = `the deployment of ${where} (${name}): ${describeRequest(request)}`
    if (request.kind !== 'over') ports.report.goesOn(what)
    const error = new ActionError('cancelled', `${reason.message}; ${what}`, reason.remedy)
    return outcomeOf(rollout, brief, { ...end, error })
  }
  if (deployment.started) {
    ports.report.goesOn(`${where} rolls out ${deployment.revision.name}: ${name}`)
  }
  return outcomeOf(rollout, brief, { ...end, error: reason })
}

/**
 * What is known of a rollback when the signal comes: of the one that was asked for before, or of the
 * one that `on-cancel` wants.
 */
async function rollbackOf(
  rollout: Rollout,
  arn: string | undefined,
): Promise<RollbackRequest | undefined> {
  const { plan, rollback } = rollout
  const { request } = rollback
  if (mayGoOn(request) || request?.kind === 'over') return request
  const isWanted = plan.policies.onCancel === 'rollback' && plan.wait.awaited
  return isWanted && !isComplete(rollout) ? await stopOnCancel(rollout, arn) : request
}
