import { ActionError } from '../../core/errors/action-error.ts'
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
import { Looks } from '../looks/looks.ts'
import { Rounds } from '../looks/rounds.ts'
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

/** What was planned upon a service's own definition is made of the one that it has by now. */
function tellSource(fresh: ServicePlan, planned: ServicePlan, { report }: WaitPorts): ServicePlan {
  if (fresh.source === planned.source) return fresh
  const { origin } = fresh.source
  report.notice(`${fresh.service} runs another definition by now: ours is made of ${origin}`)
  return fresh
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
  const looks = new Looks({ subject: plan.current.serviceArn, place, ports, rounds })
  const untilMs = ports.clock.monotonicMs() + wait.mostMs
  let told = false
  for (;;) {
    const taken = await looks.take(() => lookOnce(plan, session, ports))
    if (taken.kind === 'lost') throw taken.cause
    let late: ActionError
    if (taken.kind === 'missed') {
      late = taken.why
    } else {
      const { fresh, active } = taken.seen
      if (active === undefined) return tellSource(fresh, plan, ports)
      const admission = admit(policies.onActiveDeployment, active, bringsTheSame(fresh, image))
      if (admission === 'refuse') throw refusal(where, active)
      if (admission === 'supersede' && !isKnown(active, plan)) {
        ports.report.warning(`${describeUnderWay(where, active)}; ours takes its place`)
      }
      if (admission !== 'wait') return tellSource(fresh, plan, ports)
      if (!told) ports.report.line(`${where}: waiting for the end of ${describeActive(active)}`)
      told = true
      late = stillThere(where, active, wait.mostMs)
    }
    const mostMs = untilMs - ports.clock.monotonicMs()
    if (mostMs <= 0) throw late
    await looks.rest(mostMs)
  }
}

interface Seen {
  readonly fresh: ServicePlan
  readonly active: ActiveDeployment | undefined
}

/** @throws AwsFailure, ActionError */
async function lookOnce(plan: ServicePlan, session: AwsSession, ports: WaitPorts): Promise<Seen> {
  const fresh = await refreshPlan(plan, session, ports)
  const active = await inspectActiveDeployment(fresh.current, session, ports)
  return { fresh, active }
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
    'Find out why it has not finished; raise `wait-for-minutes` if it only needs more time.',
  )
}
