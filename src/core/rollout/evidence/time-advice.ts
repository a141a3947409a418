import { timeParts, type TimePart, type TimeSpent } from './time-spent.ts'

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

/** What people can do about each part; what was asked for, and what nobody can change, is missing. */
const advice: Readonly<Partial<Record<TimePart, readonly [what: string, remedy: string]>>> = {
  provision: [
    'waiting for capacity and network interfaces',
    'keep spare capacity in the capacity provider, or raise maximumPercent so that tasks start side by side',
  ],
  pull: ['pulling the image', 'make the image smaller'],
  start: [
    'starting the containers',
    'look at dependsOn and startTimeout of the task definition, and at what entryPoint does first',
  ],
  health: [
    'waiting for new tasks to be healthy',
    "lower the target group's HealthCheckIntervalSeconds and HealthyThresholdCount, or healthCheck's interval and startPeriod, or make the program start faster",
  ],
  deregistration: [
    'target-group deregistration delay',
    'lower deregistration_delay.timeout_seconds',
  ],
  stop: [
    'stopping the old tasks',
    'let the program end at once on SIGTERM, or lower stopTimeout of its container',
  ],
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
  const [what, remedy] = known
  const sentence = `${Math.round(spent.parts[part])} s of this rollout was ${what}`
  return part === 'stop' && balanced && spent.parts.deregistration === 0
    ? `${sentence}: look at deregistration_delay.timeout_seconds of the target group first (elasticloadbalancing:DescribeTargetGroupAttributes would tell)`
    : `${sentence}: ${remedy}`
}

/** The keys of the output `timings` that a rollout adds: seconds. */
export function timingsOf({ totalSeconds, parts }: TimeSpent): Readonly<Record<string, number>> {
  const entries = timeParts.map((part) => [`rollout-${part}`, parts[part]] as const)
  return Object.fromEntries([...entries, ['rollout-total', totalSeconds]])
}
