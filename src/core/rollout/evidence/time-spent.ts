import type { Task } from '../observation/stopped-tasks.ts'

/**
 * What a rollout can be busy with, in the order in which they are asked: an instant belongs to the
 * first of them that was going on. So the parts add up to the whole.
 */
export const timeParts = [
  'provision',
  'pull',
  'start',
  'health',
  'deregistration',
  'stop',
  'bake',
  'other',
] as const
export type TimePart = (typeof timeParts)[number]

/** Where a rollout's time went, by ECS's clock alone. Seconds. */
export interface TimeSpent {
  readonly totalSeconds: number
  readonly parts: Readonly<Record<TimePart, number>>
  /** The longest that one task took for a step, whatever went on beside it. */
  readonly slowest: Readonly<Record<'provision' | 'pull' | 'start' | 'stop', number | undefined>>
}

/** What the measurement is made of. All times are AWS's. */
export interface RolloutRecord {
  readonly beganAt: Date
  readonly endedAt: Date
  readonly newTasks: readonly Task[]
  readonly oldTasks: readonly Task[]
  /** By task id: when the scheduler said that it stopped the task; earlier than `stoppingAt`. */
  readonly stopsToldAt: ReadonlyMap<string, Date>
  /** Of the service's target groups; undefined where not known, 0 without a load balancer. */
  readonly deregistrationDelayMs: number | undefined
  /** As configured; 0 where nothing judges the deployment after its tasks are healthy. */
  readonly bakeMs: number
  /** Whether old tasks stay until the bake time is over (blue/green, linear, canary). */
  readonly bakesBeforeStops: boolean
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}
type Spans = Readonly<Record<Exclude<TimePart, 'other'>, readonly Span[]>>

/** Attributes every instant of the rollout to one part. Pure; parts add up to the total. */
export function measureTimeSpent(record: RolloutRecord): TimeSpent {
  const whole = { fromMs: record.beganAt.getTime(), toMs: record.endedAt.getTime() }
  const spans = spansOf(record, whole)
  return {
    totalSeconds: seconds(Math.max(0, whole.toMs - whole.fromMs)),
    parts: attribute(spans, whole),
    slowest: {
      provision: longest(spans.provision),
      pull: longest(spans.pull),
      start: longest(spans.start),
      stop: longest(spans.stop),
    },
  }
}

function spansOf(record: RolloutRecord, whole: Span): Spans {
  const { newTasks, deregistrationDelayMs = 0, bakeMs } = record
  const stops = stopsOf(record)
  const firstStopMs = Math.min(whole.toMs, ...stops.map(({ fromMs }) => fromMs))
  const bakeEndMs = record.bakesBeforeStops ? firstStopMs : whole.toMs
  const bake = { fromMs: bakeEndMs - bakeMs, toMs: bakeEndMs }
  return {
    provision: newTasks.flatMap(({ times }) => span(times?.createdAt, times?.pullStartedAt)),
    pull: newTasks.flatMap(({ times }) => span(times?.pullStartedAt, times?.pullStoppedAt)),
    start: newTasks.flatMap(({ times, startedAt }) => span(times?.pullStoppedAt, startedAt)),
    health: newTasks.flatMap((task) => healthOf(task, stops, bake)),
    deregistration: stops.map(({ fromMs, toMs }) => ({
      ...{ fromMs, toMs: Math.min(toMs, fromMs + deregistrationDelayMs) },
    })),
    stop: stops,
    bake: [bake],
  }
}

function stopsOf({ oldTasks, stopsToldAt }: RolloutRecord): readonly Span[] {
  return oldTasks.flatMap(({ arn, times }) => {
    const began = [stopsToldAt.get(idOf(arn)), times?.stoppingAt].flatMap(
      (at) => at?.getTime() ?? [],
    )
    return began.length === 0 ? [] : span(new Date(Math.min(...began)), times?.endedAt)
  })
}

/**
 * ECS does not say when a task was found healthy. That it stops an old task says so, for those that
 * were started before; without any old task to stop, the end of the rollout does.
 */
function healthOf({ startedAt }: Task, stops: readonly Span[], bake: Span): readonly Span[] {
  if (startedAt === undefined) return []
  const fromMs = startedAt.getTime()
  const next = stops.map((stop) => stop.fromMs).filter((atMs) => atMs >= fromMs)
  const stopping = stops.some(({ toMs }) => toMs > fromMs)
  // Old tasks that were still stopping may be all that was waited for.
  if (next.length === 0 && stopping) return []
  return [{ fromMs, toMs: Math.min(bake.fromMs, ...next) }]
}

function idOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn
}

function attribute(spans: Spans, whole: Span): TimeSpent['parts'] {
  const total: Record<TimePart, number> = {
    ...{ provision: 0, pull: 0, start: 0, health: 0 },
    ...{ deregistration: 0, stop: 0, bake: 0, other: 0 },
  }
  const named = timeParts.filter((part) => part !== 'other')
  const edges = Object.values(spans).flatMap((each) =>
    each.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  )
  const within = edges.filter((atMs) => atMs > whole.fromMs && atMs < whole.toMs)
  const marks = [...new Set([whole.fromMs, ...within, whole.toMs])].sort((a, b) => a - b)
  for (const [index, fromMs] of marks.slice(0, -1).entries()) {
    const toMs = marks[index + 1] ?? fromMs
    const part = named.find((each) => spans[each].some((one) => covers(one, fromMs, toMs)))
    total[part ?? 'other'] += toMs - fromMs
  }
  for (const part of timeParts) total[part] = seconds(total[part])
  return total
}

function covers(span: Span, fromMs: number, toMs: number): boolean {
  return span.fromMs <= fromMs && span.toMs >= toMs
}

function span(from: Date | undefined, to: Date | undefined): readonly Span[] {
  if (from === undefined || to === undefined || to <= from) return []
  return [{ fromMs: from.getTime(), toMs: to.getTime() }]
}

/** Undefined where no task took the step. */
function longest(spans: readonly Span[]): number | undefined {
  if (spans.length === 0) return undefined
  return seconds(Math.max(...spans.map(({ fromMs, toMs }) => toMs - fromMs)))
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000
}
