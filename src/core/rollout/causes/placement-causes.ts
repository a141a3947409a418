import { certain, passing, type KnownCause } from './cause.ts'

/** Reasons for which ECS cannot place, start or stop tasks; most come as service events. */
export const placementCauses: readonly KnownCause[] = [
  passing(
    'capacity-unavailable',
    /Capacity is unavailable/i,
    'Fargate has no capacity in these availability zones now',
    'Try again, or give the service subnets in more availability zones.',
  ),
  passing(
    'instances-full',
    /no container instance met all of its requirements|RESOURCE:(MEMORY|CPU|ENI|PORTS|GPU)|insufficient (CPU|memory)/i,
    'no container instance has room for a further task',
    'Add instances or raise the capacity provider; a rolling update needs room for old and new tasks.',
  ),
  certain(
    'compute-incompatible',
    /not compatible with the selected compute strategy|PlatformTaskDefinitionIncompatibility|PlatformUnknown/i,
    'the task definition does not fit the launch type, capacity provider or platform version of the service',
    'Make requiresCompatibilities, runtimePlatform and platformVersion fit each other.',
  ),
  passing(
    'agent-disconnected',
    /encountered error .?AGENT|^AGENT\b/,
    'the ECS agent of a container instance is not connected',
    'Replace the instance, or restart its ECS agent.',
  ),
  passing(
    'provisioning-limit',
    /provisioning capacity limit was exceeded/i,
    'too many tasks of the cluster wait for capacity',
    'Wait, or let the capacity provider scale out sooner.',
  ),
  certain(
    'account-blocked',
    /account is (currently )?(blocked|suspended)/i,
    'AWS has blocked the account',
    'Ask AWS Support.',
  ),
  certain(
    'task-quota',
    /limit on the number of tasks you can run|limit on the number of .*Fargate/i,
    "the account's quota of Fargate tasks is used up",
    'Ask for a higher quota in Service Quotas.',
  ),
  passing(
    'balancer-throttled',
    /operations are being throttled/i,
    'Elastic Load Balancing throttles ECS in this account',
    'Wait: ECS tries again; deploy fewer services at a time.',
  ),
  certain(
    'balancer-refused',
    /failed to (register|deregister) targets|failed to describe target health|unable to manage the ELB resources/i,
    'ECS may not manage the load balancer for the service',
    'Correct the role in the load balancer settings of the service (AmazonECSInfrastructureRolePolicyForLoadBalancers).',
  ),
  certain(
    'networking-invalid',
    /invalid networking configuration/i,
    'listener rules and target groups of the service do not fit a blue/green deployment',
    'See the reason; each target group must be associated with a listener rule of the service.',
  ),
  passing(
    'hook-failed',
    /lifecycle hook\(s\) failed/i,
    'a deployment lifecycle hook failed',
    'See the log of the Lambda function, and the role that lets ECS invoke it.',
  ),
  certain(
    'vcpu-quota',
    /limit on the number of vCPUs/i,
    "the account's vCPU quota is used up",
    'Ask for a higher "Fargate On-Demand vCPU resource count" in Service Quotas.',
  ),
  certain(
    'percentages-deadlock',
    /because of the service deployment configuration/i,
    'minimumHealthyPercent and maximumPercent leave no room to start or stop a task',
    'Raise maximumPercent or lower minimumHealthyPercent of the service.',
  ),
  passing(
    'tasks-protected',
    /protected tasks are more than the desired count/i,
    'tasks are protected from being stopped',
    'Wait for the protection to end, or end it (ecs:UpdateTaskProtection).',
  ),
  certain(
    'target-group-missing',
    /TARGET GROUP IS NOT FOUND/i,
    "the service's target group does not exist any more",
    'Make the target group again, or correct loadBalancers of the service.',
  ),
  certain(
    'service-role-broken',
    /IAM trust relationship has been misconfigured/i,
    'ECS may no longer act for the service',
    'Restore the service-linked role AWSServiceRoleForECS.',
  ),
  passing(
    'tasks-keep-failing',
    /unable to consistently start tasks successfully|could not launch \d+ tasks/i,
    'tasks of the service keep failing',
    'See the reason of the first stopped task.',
  ),
  passing(
    'interrupted',
    /Your Spot Task was interrupted|SpotInterruption|Host EC2 .* (terminated|stopped)|performing maintenance on the underlying infrastructure/i,
    "AWS took the task's host back; the release is not at fault",
    'Nothing to do: ECS starts another task.',
  ),
]
