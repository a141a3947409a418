import type { TargetHealth } from '../core/rollout/observation/target-health.ts'

/** The target groups behind a service. All throw AwsFailure. */
export interface TargetGroups {
  /** What the load balancer says of each target. Descriptions are untrusted. */
  targets(targetGroupArn: string): Promise<readonly TargetHealth[]>
  /** `deregistration_delay.timeout_seconds`; undefined where the group has no such attribute. */
  deregistrationDelaySeconds(targetGroupArn: string): Promise<number | undefined>
}
