import { ActionError, toActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { bringsTheSame } from '../../core/plan/service/brings-the-same.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import { readServiceView } from '../../core/rollout/observation/observation.ts'
import {
  admit,
  describeActive,
  underWay,
  type ActiveDeployment,
} from '../../core/rollout/verdict/active-deployment.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { describeUnderWay, refusal } from '../preflight/guard-active-deployments.ts'
import { inspectActiveDeployment } from '../preflight/inspect-active-deployment.ts'
import { Objections } from '../preflight/objections.ts'
import { MissedLooks } from '../rollout/missed-looks.ts'
import { Rounds } from '../rollout/rounds.ts'
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
  const rounds = new Rounds(ports.clock)
  const admitted = await Promise.all(
    plans.map((plan) => objections.collect(admitOne(plan, image, session, ports, rounds))),
  )
  objections.raise()
  return admitted.filter((plan) => plan !== undefined)
}

/** The wait has the length of the deployment's own. A look that fails does not end it. */
async function admitOne(
  plan: ServicePlan,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: WaitPorts,
  rounds: Rounds,
): Promise<ServicePlan> {
  const { cluster, service, policies, wait } = plan
  const place = { region: session.region, cluster, service }
  const where = describePlace(place)
  const missed = new MissedLooks({ place, ports, rounds })
  const untilMs = ports.clock.monotonicMs() + wait.deadlineMs
  let told = false
  for (let look = 0; ; look += 1) {
    const seen = await lookOnce(plan, session, ports, missed)
    let late: ActionError
    if (seen instanceof ActionError) {
      late = seen
    } else {
      const { fresh, active } = seen
      if (active === undefined) return fresh
      const admission = admit(policies.onActiveDeployment, active, bringsTheSame(fresh, image))
      if (admission === 'refuse') throw refusal(where, active)
      if (admission === 'supersede' && !isKnown(active, plan)) {
        ports.report.warning(`${describeUnderWay(where, active)}; ours takes its place`)
      }
      if (admission !== 'wait') return fresh
      if (!told) ports.report.line(`${where}: waiting for the end of ${describeActive(active)}`)
      told = true
      late = stillThere(where, active, wait.deadlineMs)
    }
    const mostMs = untilMs - ports.clock.monotonicMs()
    if (mostMs <= 0) throw late
    const about = { deploymentId: plan.current.serviceArn, look, again: missed.again }
    await rounds.rest({ ...about, restLeftMs: undefined, mostMs }, ports.signal)
  }
}

interface Seen {
  readonly fresh: ServicePlan
  readonly active: ActiveDeployment | undefined
}

/** @returns why the look failed, where another may be better. @throws ActionError where not. */
async function lookOnce(
  plan: ServicePlan,
  session: AwsSession,
  ports: WaitPorts,
  missed: MissedLooks,
): Promise<Seen | ActionError> {
  const beganAtMs = ports.clock.monotonicMs()
  try {
    const fresh = await refreshPlan(plan, session, ports)
    const active = await inspectActiveDeployment(fresh.current, session, ports)
    missed.forget(beganAtMs)
    return { fresh, active }
  } catch (error) {
    const lost = missed.count(error, beganAtMs)
    if (lost !== undefined) throw lost
    return missed.latest ?? toActionError(error)
  }
}

/** Whether the plan was made with the deployment in sight: preflight has told of it then. */
function isKnown({ deploymentId }: ActiveDeployment, { current }: ServicePlan): boolean {
  return underWay(readServiceView(current.raw))?.id === deploymentId
}

function stillThere(where: string, active: ActiveDeployment, waitedMs: number): ActionError {
  const minutes = Math.round(waitedMs / 60_000)
  return new ActionError(
    'deployment-active',
    `${where} still has a deployment under way after ${minutes} min: ${describeActive(active)}`,
    'Look why it does not end; raise `wait-for-minutes` if it needs longer.',
  )
}
