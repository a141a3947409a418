import type { Breaker, Disturbance, History, NewTask, ServiceSetup } from './history.ts'
import { passageOf } from './passage.ts'

/**
 * How soon and how late something comes about, in milliseconds after UpdateService. The lower end
 * is what cannot be undercut; the upper end allows ECS a lot of time for what AWS gives no figures
 * for.
 */
export interface Span {
  readonly fromMs: number
  /** At the latest, where it comes about at all. */
  readonly byMs: number
  /** It comes about unless something else comes first. */
  readonly certain: boolean
}

/** "…considered healthy after being RUNNING for 40 seconds" without any check (developer guide, DeploymentCircuitBreaker). */
const healthyUncheckedMs = 40_000
/** What each single step of ECS's scheduler is allowed to take. */
const stepMs = 5_000
/** To begin, and to declare over. */
const formalitiesMs = 40_000
/** "…will attempt to restart at longer intervals, up to 15 minutes" (service throttle logic). */
/** With `bakeTimeInMinutes` 0 ECS bakes for a time of its own choosing. */
const chosenBakeMs = 900_000
const backOff = { firstMs: 60_000, longestMs: 900_000, freeRounds: 3 }

export const fails = ({ kind }: NewTask): boolean => kind !== 'healthy' && kind !== 'never-starts'

/** Desired counts that hold at one time or another. */
export function desiredCounts({ service, disturbances }: History): readonly number[] {
  const scaled = disturbances.flatMap((one) => (one.kind === 'scale' ? [one.desiredCount] : []))
  return [service.desiredCount, ...scaled]
}

export const lastDesiredCount = (history: History): number => desiredCounts(history).at(-1) ?? 0

/** After this nothing makes a rollout longer any more. */
export function quietFromMs({ disturbances }: History): number {
  const delaying = disturbances.filter(touchesTasks)
  return Math.max(0, ...delaying.map((one) => one.atMs + ('forMs' in one ? one.forMs : 0)))
}

/** Tasks start, stop or wait otherwise than the rollout itself would have it. */
function touchesTasks({ kind }: Disturbance): boolean {
  return touching.has(kind)
}

const touching: ReadonlySet<Disturbance['kind']> = new Set([
  ...(['scale', 'stop-task', 'interrupt-spot'] as const),
  ...(['lose-capacity', 'rebalance', 'fail-targets'] as const),
])

export const isTouched = ({ disturbances }: History): boolean => disturbances.some(touchesTasks)

/** From `fromMs` on: how many tasks may fail because their targets do, and when the first does. */
export function targetFailures(
  { disturbances }: History,
  fromMs = 0,
): { readonly count: number; readonly firstMs: number } {
  const failing = disturbances.flatMap((one) =>
    one.kind === 'fail-targets' && one.atMs >= fromMs ? [one] : [],
  )
  return {
    count: failing.reduce((count, { tasks }) => count + tasks, 0),
    firstMs: Math.min(...failing.map(({ atMs }) => atMs)),
  }
}

/** How long a rolling rollout bakes, once it is healthy; only alarms make it. */
export function bakeTimes({ service }: History): { leastMs: number; mostMs: number } {
  if (service.alarms === undefined || service.staged !== undefined) return { leastMs: 0, mostMs: 0 }
  const { bakeTimeMinutes, inAlarmBefore } = service.alarms
  const askedMs = bakeTimeMinutes * 60_000
  return {
    leastMs: inAlarmBefore ? 0 : askedMs,
    mostMs: askedMs === 0 ? chosenBakeMs : askedMs + stepMs,
  }
}

/** Healthy tasks that are enough for a success: all, or `healthyPercent` of them, rounded up. */
export function enoughHealthy({ earlySuccess }: ServiceSetup, desiredCount: number): number {
  return Math.ceil((desiredCount * (earlySuccess?.healthyPercent ?? 100)) / 100)
}

export const drainMs = ({ service }: History): number =>
  service.loadBalancer?.deregistrationDelayMs ?? 0

/** From its start until ECS calls a task of that kind healthy. */
export function healthyAfterMs(history: History, startsAfterMs: number, checkMs: number): number {
  const { healthCheck, loadBalancer } = history.service
  if (!healthCheck && loadBalancer === undefined) return startsAfterMs + healthyUncheckedMs
  return startsAfterMs + Math.max(healthCheck ? checkMs : 0, loadBalancer?.healthyAfterMs ?? 0)
}

/** From its start until the task has failed. */
export function failsAfterMs(task: NewTask): number {
  return task.startsAfterMs + ('afterMs' in task ? task.afterMs : 0)
}

/** All kinds of tasks that the new deployment may start. */
export const newTasks = ({ tasks }: History): readonly NewTask[] => [...tasks.first, tasks.then]

/** The earliest and the latest that a healthy one of these tasks is healthy, after its start. */
export function healthyTimes(
  history: History,
  tasks: readonly NewTask[] = newTasks(history),
): { leastMs: number; mostMs: number } {
  const times = tasks.flatMap((task) =>
    task.kind === 'healthy'
      ? [healthyAfterMs(history, task.startsAfterMs, task.healthyAfterMs)]
      : [],
  )
  return { leastMs: Math.min(...times), mostMs: Math.max(0, ...times) }
}

/**
 * Tasks that may be replaced at a time: as many as `maximumPercent`, rounded down, leaves above
 * `minimumHealthyPercent`, rounded up (API reference, DeploymentConfiguration).
 */
function replaceable({ service }: History, desiredCount: number): number {
  const most = Math.floor((desiredCount * service.maximumPercent) / 100)
  const least = Math.ceil((desiredCount * service.minimumHealthyPercent) / 100)
  return most - least
}

/** The percentages leave no room: "unable to stop or start tasks during a deployment". */
export function isBlocked(history: History, desiredCount: number): boolean {
  const replaces = history.service.predecessor === 'completed' && desiredCount > 0
  return replaces && replaceable(history, desiredCount) <= 0
}

/** Nothing ever starts. */
export function isBlockedForGood(history: History): boolean {
  return !isTouched(history) && isBlocked(history, history.service.desiredCount)
}

/**
 * How long it takes at most to have `desiredCount` tasks of one kind instead of those of another.
 * Tasks that drain count for neither percentage, "RUNNING or PENDING" do; the last one has to go.
 */
export function replacementMs(history: History, desiredCount: number, healthyMs: number): number {
  const rounds = Math.ceil(desiredCount / Math.max(1, replaceable(history, desiredCount)))
  return rounds * (healthyMs + 3 * stepMs) + drainMs(history) + formalitiesMs
}

/** How long ECS may take to see that many failures, one after the other, and to try again. */
export function failuresMs(history: History, count: number): number {
  const failing = newTasks(history).filter(fails)
  const oneMs = Math.max(0, ...failing.map(failsAfterMs)) + stepMs
  const least = Math.max(1, Math.min(...desiredCounts(history).filter((desired) => desired > 0)))
  let totalMs = count * oneMs
  for (let failed = 1; failed <= count; failed += 1) {
    const rounds = Math.floor(failed / least) - backOff.freeRounds
    if (rounds > 0) totalMs += Math.min(backOff.firstMs * 2 ** (rounds - 1), backOff.longestMs)
  }
  return totalMs
}

/** `ThresholdType` and its bounds (API reference, DeploymentCircuitBreaker). */
export function threshold({ threshold: { type, value } }: Breaker, desiredCount: number): number {
  if (type === 'COUNT') return value
  const share = Math.ceil((value * desiredCount) / 100)
  return type === 'UNBOUNDED_PERCENT' ? Math.max(1, share) : Math.min(200, Math.max(3, share))
}

/** When so many failures have come together, each one counted in `counts`. */
export function failureSpan(
  history: History,
  counts: (task: NewTask) => boolean,
  limits: { readonly least: number; readonly most: number },
): Omit<Span, 'certain'> | undefined {
  const { first, then } = history.tasks
  const { before, turn } = passageOf(history) ?? atOnce
  const targets = counts(refused) ? targetFailures(history) : { count: 0, firstMs: Infinity }
  const counted = first.filter(counts).length + targets.count
  const parallel = Math.max(...desiredCounts(history))
  const possible = counts(then) || counted >= limits.least
  const begins = turn === undefined || turn.scaledUp
  if (!possible || !begins || parallel === 0 || isBlockedForGood(history)) return undefined
  const soonestMs = Math.min(...newTasks(history).filter(counts).map(failsAfterMs))
  const others = first.filter((task) => !counts(task))
  // Those that are healthy may set the count back, and all has to come again.
  const failures = limits.most + (others.length > 0 ? first.filter(fails).length : 0)
  return {
    fromMs: Math.max(
      before.leastMs,
      Math.min(Math.ceil(limits.least / parallel) * soonestMs, targets.firstMs),
    ),
    byMs:
      Math.max(quietFromMs(history), before.mostMs) +
      (others.length + 2) * stepMs +
      healthyTimes(history, first).mostMs +
      failuresMs(history, failures + targets.count),
  }
}

/** A rolling deployment starts its tasks as it begins. */
const atOnce = { before: { leastMs: 0, mostMs: 0 }, turn: undefined }

const refused: NewTask = { kind: 'refused-by-load-balancer', startsAfterMs: 0 }
