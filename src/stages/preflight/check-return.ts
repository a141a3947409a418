import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import { objectsAt } from '../../core/json.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import { readServiceView } from '../../core/rollout/observation/observation.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcs } from '../aws/ask-ecs.ts'
import { OptionalReads } from '../aws/optional-reads.ts'

const without = 'whether there is an earlier deployment to roll back to cannot be checked'

/**
 * Refuses `on-failure: rollback` where a rollback could only fail: ECS returns to the deployment
 * that completed last, and there is none yet.
 * @throws ActionError `rollback-impossible`
 */
export async function checkReturn(
  plan: ServicePlan,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<void> {
  if (plan.policies.onFailure !== 'rollback') return
  if (await hasCompletedBefore(plan, session, ports)) return
  const { cluster, service } = plan
  const where = describePlace({ region: session.region, cluster, service })
  throw new ActionError(
    'rollback-impossible',
    `${where} has no deployment to roll back to: none has completed yet`,
    'Leave `on-failure: rollback` out until a first deployment is complete.',
  )
}

/** Whether any deployment of the service ended well; true where ECS does not let us know. */
export async function hasCompletedBefore(
  { current, cluster, service }: ServicePlan,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<boolean> {
  // Behind a Classic Load Balancer no deployment has a rollout state.
  const { deployments } = readServiceView(current.raw)
  const states = deployments.map(({ rolloutState }) => rolloutState)
  if (states.some((state) => state === 'COMPLETED' || state === undefined)) return true
  const place = { region: session.region, cluster, service }
  const input = {
    cluster: current.clusterArn,
    service: current.serviceName,
    status: ['SUCCESSFUL'],
    maxResults: 1,
  }
  const optional = new OptionalReads(ports)
  const listed = await askEcs(place, ports.signal, () =>
    optional.ifAllowed('ListServiceDeployments', without, () =>
      session.ecs.listServiceDeployments(input),
    ),
  )
  return listed === undefined || objectsAt(listed, 'serviceDeployments').length > 0
}
