import { toActionError } from '../core/errors/action-error.ts'
import { describePlace } from '../core/faults/ecs-fault.ts'
import type { PushedImage } from '../core/image/image.ts'
import type { ServicePlan } from '../core/plan/service-plan.ts'
import {
  deploymentOf,
  readServiceView,
  type ServiceDeploymentBrief,
} from '../core/rollout/observation.ts'
import type { ServiceDeployment } from '../core/rollout/service-deployment.ts'
import type { ServiceOutcome } from '../core/rollout/service-outcome.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { concludeRollout, outcomeOf, type Conclusion } from './conclude-rollout.ts'
import { confirmUnchanged } from './confirm-unchanged.ts'
import { pinDeployment } from './look-at-service.ts'
import { createRollout, type Rollout } from './rollout.ts'
import { RolloutWatch } from './watch-rollout.ts'

/**
 * Waits for one service's deployment by its own id, and tells the truth about its end. Never
 * throws for what a deployment can end as: failed, lost, timed out and cancelled are outcomes.
 * @param image Undefined: the task definition was deployed as it is.
 */
export async function awaitRollout(
  plan: ServicePlan,
  deployment: ServiceDeployment,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: Pick<Ports, 'clock' | 'context' | 'report' | 'signal'>,
): Promise<ServiceOutcome> {
  const rollout = createRollout(plan, deployment, image, session, ports)
  const seen: { brief: ServiceDeploymentBrief | undefined } = { brief: undefined }
  try {
    if (!plan.wait.awaited) return notAwaited(rollout)
    if (isComplete(rollout)) return await awaitUnchanged(rollout)
    seen.brief = await pinDeployment(rollout)
    if (seen.brief !== undefined) ports.report.record({ deploymentArn: seen.brief.arn })
    return await awaitDeployment(rollout, seen.brief)
  } catch (error) {
    if (!ports.signal.aborted) throw error
    return cancelled(rollout, seen.brief)
  }
}

/** Whether there is no deployment to wait for: ours was not started, and what runs is complete. */
function isComplete({ plan, deployment }: Rollout): boolean {
  if (deployment.started) return false
  const { deployments } = readServiceView(plan.current.raw)
  const running = deploymentOf({ ...readServiceView({}), deployments }, deployment.deploymentId)
  return running?.rolloutState !== 'IN_PROGRESS'
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
  const view = { brief: undefined, latest, history }
  return concludeRollout(rollout, view, end.kind === 'well' ? { kind: 'unchanged' } : end)
}

async function awaitDeployment(
  rollout: Rollout,
  brief: ServiceDeploymentBrief | undefined,
): Promise<ServiceOutcome> {
  const watch = new RolloutWatch(rollout, brief?.arn)
  const end: Conclusion = await watch.run()
  const { latest, history } = watch
  return concludeRollout(rollout, { brief, latest, history }, end)
}

/** What was begun in AWS goes on there: says so, and stops at once. */
function cancelled(rollout: Rollout, brief: ServiceDeploymentBrief | undefined): ServiceOutcome {
  const { deployment, place, ports } = rollout
  if (deployment.started) {
    const arn = brief?.arn ?? deployment.deploymentId
    ports.report.goesOn(`${describePlace(place)} rolls out ${deployment.revision.name}: ${arn}`)
  }
  const error = toActionError(ports.signal.reason)
  return outcomeOf(rollout, brief, { outcome: 'cancelled', verified: false, error })
}
