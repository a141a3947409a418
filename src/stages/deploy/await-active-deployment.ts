import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { bringsTheSame } from '../../core/plan/service/brings-the-same.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import {
  admit,
  describeActive,
  type ActiveDeployment,
} from '../../core/rollout/verdict/active-deployment.ts'
import { pollIntervalMs } from '../../core/rollout/pace/poll-interval.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { refusal } from '../preflight/guard-active-deployments.ts'
import { inspectActiveDeployment } from '../preflight/inspect-active-deployment.ts'
import { Objections } from '../preflight/objections.ts'
import { refreshPlan } from './refresh-plan.ts'

type WaitPorts = Pick<Ports, 'clock' | 'report' | 'signal'>

/**
 * Right before the first write to ECS: looks at the services again, for a build takes its time, and
 * waits for deployments that are under way where that is asked for.
 * @param image Undefined: the task definitions are deployed as they are.
 * @returns the plans with the services as they are now.
 * @throws ActionError `deployment-active` where deployments are in the way, and stay there.
 */
export async function awaitActiveDeployments(
  plans: readonly ServicePlan[],
  image: PushedImage | undefined,
  session: AwsSession,
  ports: WaitPorts,
): Promise<readonly ServicePlan[]> {
  const objections = new Objections()
  const admitted = await Promise.all(
    plans.map((plan) => objections.collect(admitOne(plan, image, session, ports))),
  )
  objections.raise()
  return admitted.filter((plan) => plan !== undefined)
}

/** The wait has the length of the deployment's own. */
async function admitOne(
  plan: ServicePlan,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: WaitPorts,
): Promise<ServicePlan> {
  const { onActiveDeployment } = plan.policies
  if (onActiveDeployment === 'supersede') return await refreshPlan(plan, session, ports)
  const { cluster, service } = plan
  const where = describePlace({ region: session.region, cluster, service })
  const sinceMs = ports.clock.monotonicMs()
  let told = false
  for (let look = 0; ; look += 1) {
    const fresh = await refreshPlan(plan, session, ports)
    const active = await inspectActiveDeployment(fresh.current, session, ports)
    if (active === undefined) return fresh
    const admission = admit(onActiveDeployment, active, bringsTheSame(fresh, image))
    if (admission === 'refuse') throw refusal(where, active)
    if (admission !== 'wait') return fresh
    if (!told) ports.report.line(`${where}: waiting for the end of ${describeActive(active)}`)
    told = true
    const leftMs = sinceMs + plan.wait.deadlineMs - ports.clock.monotonicMs()
    if (leftMs <= 0) throw stillThere(where, active, plan.wait.deadlineMs)
    const restMs = pollIntervalMs(active.deploymentId, look, 0)
    await ports.clock.sleep(Math.min(leftMs, restMs), ports.signal)
  }
}

function stillThere(where: string, active: ActiveDeployment, waitedMs: number): ActionError {
  const minutes = Math.round(waitedMs / 60_000)
  return new ActionError(
    'deployment-active',
    `${where} still has a deployment under way after ${minutes} min: ${describeActive(active)}`,
    'Look why it does not end; raise `wait-for-minutes` if it needs longer.',
  )
}
