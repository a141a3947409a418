import { timeParts, type TimePart } from './time-parts.ts'
import type { TimeSpent } from './time-spent.ts'

/** A part is worth a word from this on: shorter ones are not worth anybody's time. */
const leastSeconds = 60
/** And when it is at least this share of the whole. */
const leastShare = 0.4

/** The part that dominates the rollout, where one does. */
export function dominantPart({ totalSeconds, parts }: TimeSpent): TimePart | undefined {
  const [most] = [...timeParts].sort((a, b) => parts[b] - parts[a])
  if (most === undefined || parts[most] < leastSeconds) return undefined
  return parts[most] >= totalSeconds * leastShare ? most : undefined
}

interface Advice {
  readonly what: string
  readonly remedy: string
  /** In place of it for a rollout that ECS has not completed, where another one is true of that. */
  readonly unfinished?: string
}

/** What people can do about each part; what was asked for, and what nobody can change, is missing. */
const advice: Readonly<Partial<Record<TimePart, Advice>>> = {
  rollback: {
    what: 'the rollback',
    remedy:
      "it takes as long as old tasks take to start and failed ones to stop: look at the target group's health checks and deregistration_delay.timeout_seconds, and at stopTimeout",
  },
  provision: {
    what: 'waiting for capacity and network interfaces',
    remedy:
      'keep spare capacity in the capacity provider, or raise maximumPercent so that tasks start side by side',
  },
  pull: { what: 'pulling the image', remedy: 'make the image smaller' },
  start: {
    what: 'starting the containers',
    remedy:
      'look at dependsOn and startTimeout of the task definition, and at what entryPoint does first',
  },
  failing: {
    what: 'tasks that failed',
    remedy:
      "let the program end at once where it cannot work, and lower the service's healthCheckGracePeriodSeconds or healthCheck's startPeriod to what it needs, so that a failure shows sooner",
  },
  health: {
    what: 'waiting for new tasks to be healthy',
    remedy:
      "lower the target group's HealthCheckIntervalSeconds and HealthyThresholdCount, or healthCheck's interval and startPeriod, or make the program start faster",
    unfinished:
      "look at what the health checks get; while the service's healthCheckGracePeriodSeconds or healthCheck's startPeriod lasts, ECS overlooks that they fail",
  },
  deregistration: {
    what: 'target-group deregistration delay',
    remedy: 'lower deregistration_delay.timeout_seconds',
  },
  stop: {
    what: 'stopping the old tasks',
    remedy: 'let the program end at once on SIGTERM, or lower stopTimeout of its container',
  },
}

/**
 * One line about the part that dominates the rollout, and what to do about it.
 * @param balanced Behind a load balancer tasks that stop drain first: without its attributes the
 * deregistration delay is told as stopping.
 * @returns undefined where no part dominates.
 */
export function adviseOnTime(spent: TimeSpent, balanced: boolean): string | undefined {
  const part = dominantPart(spent)
  const known = part === undefined ? undefined : advice[part]
  if (part === undefined || known === undefined) return undefined
  const { what, unfinished } = known
  const remedy = spent.end === 'complete' ? known.remedy : (unfinished ?? known.remedy)
  const sentence = `${Math.round(spent.parts[part])} s of this rollout was ${what}`
  return part === 'stop' && balanced && spent.parts.deregistration === 0
    ? `${sentence}: look at deregistration_delay.timeout_seconds of the target group first (elasticloadbalancing:DescribeTargetGroupAttributes would tell)`
    : `${sentence}: ${remedy}`
}

/**
 * The keys of the output `timings` that a rollout adds: seconds. Its parts add up to
 * `rollout-total`; where AWS has not told its end, to `rollout-so-far`.
 */
export function timingsOf({
  totalSeconds,
  parts,
  end,
}: TimeSpent): Readonly<Record<string, number>> {
  const entries = timeParts.map((part) => [`rollout-${part}`, parts[part]] as const)
  const whole = end === 'under-way' ? 'rollout-so-far' : 'rollout-total'
  return Object.fromEntries([...entries, [whole, totalSeconds]])
}
