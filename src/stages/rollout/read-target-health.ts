import { objectAt, objectsAt, stringAt } from '../../core/json.ts'
import { type TargetHealth } from '../../core/rollout/observation/target-health.ts'
import type { Rollout } from './rollout.ts'

const without = 'the reasons of unhealthy targets are told from service events alone'

/** The service's target groups: of blue/green deployments both. None behind a Classic Load Balancer. */
export function targetGroupsOf({ plan }: Rollout): readonly string[] {
  const groups = objectsAt(plan.current.raw, 'loadBalancers').flatMap((balancer) => [
    stringAt(balancer, 'targetGroupArn'),
    stringAt(objectAt(balancer, 'advancedConfiguration'), 'alternateTargetGroupArn'),
  ])
  return [...new Set(groups.flatMap((arn) => arn ?? []))]
}

/**
 * What the load balancers say of the service's targets; none where they cannot be read. Needs
 * elasticloadbalancing:DescribeTargetHealth, and says so once.
 */
export async function readTargetHealth(rollout: Rollout): Promise<readonly TargetHealth[]> {
  const { session, optional } = rollout
  const answers = await Promise.all(
    targetGroupsOf(rollout).map((arn) =>
      optional.try('elasticloadbalancing:DescribeTargetHealth', without, () =>
        session.targetGroups.targets(arn),
      ),
    ),
  )
  return answers.flatMap((targets) => targets ?? [])
}
