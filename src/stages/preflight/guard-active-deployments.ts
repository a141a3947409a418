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
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { checkReturn } from './check-return.ts'
import { foreseeActiveDeployment } from './inspect-active-deployment.ts'
import { Objections } from './objections.ts'

/** The image as far as preflight knows it; undefined: no image is deployed. */
export type PlannedImage = PushedImage | 'to-be-built' | undefined

/**
 * Looks in preflight for deployments that are under way, and says what will be done about each;
 * and whether a rollback that is asked for could go anywhere.
 * @throws ActionError `deployment-active` where one keeps ours from taking its place,
 * `rollback-impossible` where there is nothing to return to.
 */
export async function guardActiveDeployments(
  plans: readonly ServicePlan[],
  image: PlannedImage,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<void> {
  const objections = new Objections()
  const guards = plans.map((plan) => objections.collect(guard(plan, image, session, ports)))
  await Promise.all(guards)
  objections.raise()
}

async function guard(
  plan: ServicePlan,
  image: PlannedImage,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<void> {
  await checkReturn(plan, session, ports)
  const active = await foreseeActiveDeployment(plan.current, session, ports)
  if (active === undefined) return
  const { cluster, service, policies } = plan
  const { report } = ports
  const where = describePlace({ region: session.region, cluster, service })
  const underWay = describeUnderWay(where, active)
  const identical = image !== 'to-be-built' && bringsTheSame(plan, image)
  switch (admit(policies.onActiveDeployment, active, identical)) {
    case 'adopt':
      report.line(`${underWay}; it brings the same and is adopted`)
      return
    case 'supersede':
      report.warning(`${underWay}; ours takes its place`)
      return
    case 'wait':
      report.notice(`${underWay}; ours waits for its end`)
      return
    case 'refuse':
      throw refusal(where, active)
  }
}

/** `service "web" … has a deployment under way: ecs-svc/1 of web:2 (arn:…)` */
export function describeUnderWay(where: string, active: ActiveDeployment): string {
  return `${where} has a deployment under way: ${describeActive(active)}`
}

/** The error that keeps our deployment from taking the place of `active`. */
export function refusal(where: string, active: ActiveDeployment): ActionError {
  const remedies = {
    'rolling-out': 'Run the job again when it has ended, or say `on-active-deployment: wait`.',
    paused:
      'Answer the pause first (`mode: continue`), or write `on-active-deployment: supersede` to take its place.',
    'rolling-back':
      'Let the rollback land and look why it began; `on-active-deployment: supersede` takes its place all the same.',
  } as const
  return new ActionError(
    'deployment-active',
    describeUnderWay(where, active),
    remedies[active.state],
  )
}
