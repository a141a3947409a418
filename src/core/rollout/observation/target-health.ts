import type { Cause } from '../causes/cause.ts'
import { isStopped, type Task } from './stopped-tasks.ts'

/** One target as its load balancer sees it (DescribeTargetHealth). Descriptions are untrusted. */
export interface TargetHealth {
  readonly targetGroupArn: string
  /** The address of a task in awsvpc mode, else an instance. */
  readonly id?: string | undefined
  readonly port: number | undefined
  /** `initial`, `healthy`, `unhealthy`, `unused`, `draining`, `unavailable`, or what AWS adds. */
  readonly state: string
  /** `Target.ResponseCodeMismatch` and the like; undefined for a healthy target. */
  readonly reason: string | undefined
  readonly description: string | undefined
}

/** Targets that are not healthy for the same reason. */
export interface UnhealthyTargets extends Omit<TargetHealth, 'id'> {
  readonly count: number
}

/** Targets that come or go are not unhealthy; one that is `unused` gets no traffic at all. */
const bad = new Set(['unhealthy', 'unhealthy.draining', 'unused'])

/** Groups the targets that are not well, the most frequent first. */
export function groupUnhealthy(targets: readonly TargetHealth[]): readonly UnhealthyTargets[] {
  const groups = new Map<string, UnhealthyTargets>()
  for (const { targetGroupArn, port, state, reason, description } of targets) {
    if (!bad.has(state)) continue
    const target = { targetGroupArn, port, state, reason, description }
    const key = JSON.stringify([targetGroupArn, port, state, sayingOf(target)])
    groups.set(key, { ...target, count: 1 + (groups.get(key)?.count ?? 0) })
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}

/**
 * The running tasks that load balancers call healthy, all that know them. Only addresses tell whose
 * a target is: a target that is an instance may be another task's.
 */
export function healthyTasks(
  tasks: readonly Task[],
  targets: readonly TargetHealth[],
): readonly Task[] {
  return tasks.filter((task) => {
    const own = targets.filter(({ id }) => id !== undefined && id === task.address)
    const healthy = own.length > 0 && own.every(({ state }) => state === 'healthy')
    return healthy && task.lastStatus === 'RUNNING' && !isStopped(task)
  })
}

const unhealthyEvent =
  /\(port (\d+)\) is unhealthy in \(?target-group ([^)\s]+)\)? due to \(?reason (.+?)\)?\.?$/i

/**
 * Unhealthy targets as service events tell them: they need no permission, and stay when the targets
 * are gone. ECS gives the description there, not the reason code.
 */
export function targetsInEvents(messages: readonly string[]): readonly TargetHealth[] {
  return messages.flatMap((message) => {
    const [, port, targetGroupArn, description] = unhealthyEvent.exec(message) ?? []
    if (targetGroupArn === undefined || description === undefined) return []
    return [
      {
        ...{ targetGroupArn, description, port: Number(port), state: 'unhealthy' },
        reason: reasonOf(description),
      },
    ]
  })
}

/** The descriptions are fixed (ELB user guide, "Health check reason codes"). */
function reasonOf(description: string): string | undefined {
  if (/^Health checks failed with these codes/i.test(description)) {
    return 'Target.ResponseCodeMismatch'
  }
  if (/^Request timed out/i.test(description)) return 'Target.Timeout'
  return /^Health checks failed$/i.test(description) ? 'Target.FailedHealthChecks' : undefined
}

/** `web (port 80)`: the group's name without its ARN. */
export function nameOfGroup({ targetGroupArn, port }: Omit<TargetHealth, 'id'>): string {
  const name = /targetgroup\/([^/]+)\//.exec(targetGroupArn)?.[1] ?? targetGroupArn
  return port === undefined ? name : `${name} (port ${port})`
}

/** AWS's words for the state of a target: code and description. Untrusted. */
export function sayingOf({ state, reason, description }: TargetHealth): string {
  return [reason ?? state, description ?? ''].filter((part) => part !== '').join(': ')
}

/** One line: how many targets of which group, and what the load balancer says of them. Untrusted. */
export function describeTargets(targets: UnhealthyTargets): string {
  const { count, state } = targets
  return `${count} ${count === 1 ? 'target' : 'targets'} ${state} in target group ${nameOfGroup(targets)}: ${sayingOf(targets)}`
}

type Known = readonly [sentence: string, remedy: string]

/** Elastic Load Balancing user guide, "Health check reason codes". */
const reasons: Readonly<Record<string, Known>> = {
  'Target.ResponseCodeMismatch': [
    'the load balancer got another status code than its health check expects',
    "Make the health check path of the target group answer with the expected code, or correct the group's path and Matcher.",
  ],
  'Target.Timeout': [
    "tasks do not answer the load balancer's health check in time",
    "Let the load balancer's security group in at the container port, and check that the program listens on 0.0.0.0 and answers within HealthCheckTimeoutSeconds.",
  ],
  'Target.FailedHealthChecks': [
    "the load balancer's health check cannot connect to tasks, or gets a malformed answer",
    'Check that the program listens on the container port, and speaks the protocol of the target group.',
  ],
  'Target.NotInUse': [
    'the target group gets no traffic from a load balancer',
    "Name the target group in a listener rule, and enable the tasks' availability zones for the load balancer.",
  ],
  'Target.IpUnusable': [
    'the address of a task belongs to a load balancer',
    'Give tasks and load balancers subnets of their own.',
  ],
  'Target.NotRegistered': [
    'tasks are not registered with the target group',
    'Check loadBalancers of the service: container name and port.',
  ],
  'Target.InvalidState': [
    'the instance of a target is stopped or terminated',
    'Replace the container instance.',
  ],
  'Elb.InternalError': [
    "the load balancer's health check failed by an error of its own",
    'Try again; ask AWS Support if it stays.',
  ],
}

/** @returns undefined for a reason that is not known: it is then told as it is. */
export function targetCause({ reason }: TargetHealth): Cause | undefined {
  const known = reason === undefined ? undefined : reasons[reason]
  if (reason === undefined || known === undefined) return undefined
  const [sentence, remedy] = known
  return { id: `target-${reason}`, sentence, remedy, deterministic: false }
}
