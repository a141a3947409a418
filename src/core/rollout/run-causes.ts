import { certain, passing, type KnownCause } from './cause.ts'

/** Reasons for which a container does not start, or does not live. */
export const containerCauses: readonly KnownCause[] = [
  certain(
    'wrong-architecture',
    /exec format error/i,
    'the program in the image is for another CPU architecture',
    'Build for the platform of runtimePlatform (`platforms`).',
  ),
  certain(
    'command-missing',
    /executable file not found|no such file or directory.*unknown$|exec: .*: (no such file or directory|permission denied)/is,
    'the command of a container is not in the image, or may not be run',
    'Check entryPoint and command of the task definition against the image.',
  ),
  passing(
    'out-of-memory',
    /OutOfMemory|OOMKilled/i,
    'a container was killed because it used more memory than it may',
    "Raise the container's or the task's memory, or make the program need less.",
  ),
  passing(
    'start-timed-out',
    /ContainerRuntimeTimeoutError|Could not transition to running/i,
    'a container did not start in time',
    'Check entryPoint, command, and the memory of the container.',
  ),
  passing(
    'start-failed',
    /CannotStartContainer|CannotCreateContainer/i,
    'a container could not be started',
    'See the reason; check entryPoint, command, mounts and devices.',
  ),
]

/** Reasons for which ECS takes a running task out. */
export const healthCauses: readonly KnownCause[] = [
  passing(
    'target-unhealthy',
    /failed ELB health checks|is unhealthy in \(?target-group/i,
    "tasks fail the load balancer's health check",
    "Check the target group's path, codes and port, and healthCheckGracePeriodSeconds of the service.",
  ),
  passing(
    'container-unhealthy',
    /failed container health checks/i,
    "tasks fail the container's own health check",
    'Check that the command of healthCheck is in the image, and startPeriod.',
  ),
  passing(
    'essential-exited',
    /Essential container in task exited/i,
    'an essential container ended by itself',
    "See the container's exit code and its last log lines.",
  ),
]

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
    /Your Spot Task was interrupted|SpotInterruption|Host EC2 .* terminated/i,
    "AWS took the task's host back; the release is not at fault",
    'Nothing to do: ECS starts another task.',
  ),
]
