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
    /executable file not found|no such file or directory.*unknown$|exec:? .*: (no such file or directory|permission denied)/is,
    'the command of a container is not in the image, or may not be run',
    'Check entryPoint and command of the task definition against the image.',
  ),
  certain(
    'memory-too-small',
    /OOM-killed \(memory limit too low|Minimum memory limit allowed/i,
    'a container cannot even start within its memory',
    "Raise the container's memory.",
  ),
  passing(
    'out-of-memory',
    /OutOfMemory|OOMKilled/i,
    'a container was killed because it used more memory than it may',
    "Raise the container's or the task's memory, or make the program need less.",
  ),
  passing(
    'port-taken',
    /port is already allocated|address already in use/i,
    'the host port of a container is taken on the instance',
    'Use hostPort 0 (or awsvpc), or leave room for the old task: lower minimumHealthyPercent.',
  ),
  certain(
    'mount-missing',
    /bind source path does not exist|invalid mount config|not a directory.*mount/is,
    'a path that a container mounts does not exist on the host',
    'Correct volumes and mountPoints of the task definition.',
  ),
  passing(
    'start-timed-out',
    /ContainerRuntimeTimeoutError|DockerTimeoutError|Could not transition to running/i,
    'a container did not start in time',
    'Check entryPoint, command, and the memory of the container.',
  ),
  passing(
    'start-failed',
    /CannotStartContainer|CannotCreateContainer/i,
    'a container could not be started',
    'See the reason; check entryPoint, command, mounts and devices.',
  ),
  passing(
    'runtime-failed',
    /Cannot(Stop|Inspect)Container/i,
    "the host's container runtime failed",
    'Nothing to do on Fargate: ECS starts another task. On EC2 replace the instance.',
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
