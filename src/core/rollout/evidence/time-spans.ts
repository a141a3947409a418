import { failureKind, type Task } from '../observation/stopped-tasks.ts'
import type { HealthChecks } from '../verdict/fail-fast.ts'
import type { TimePart } from './time-parts.ts'
import { nameInArn } from '../../name-in-arn.ts'

/** `under-way`: it goes on, or AWS has not told its end. */
export type RolloutEnd = 'complete' | 'cut-short' | 'under-way'

/** What the measurement is made of. All times are AWS's. */
export interface RolloutRecord {
  readonly beganAt: Date
  /** Of one under way: the last time that AWS told. */
  readonly endedAt: Date
  /** What had not ended in a rollout that is not complete was going on to its end. */
  readonly end: RolloutEnd
  readonly rollbackBeganAt: Date | undefined
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
  /** A rolling deployment bakes once so many old tasks are gone; undefined: it does not bake. */
  readonly bakesAfterStops: number | undefined
  /** Who holds up one that is not complete until new tasks are healthy; undefined: other things do. */
  readonly awaitsHealth: HealthChecks | undefined
}

/** Milliseconds by AWS's clock. One that ends before it begins is empty. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** When each part was going on; they overlap. */
export type Spans = Readonly<Record<Exclude<TimePart, 'other'>, readonly Span[]>>

/** What AWS's times show to have been going on, and nothing else. */
export function spansOf(record: RolloutRecord): Spans {
  const { newTasks, deregistrationDelayMs = 0, rollbackBeganAt, endedAt } = record
  const stops = stopsOf(record)
  const bake = bakeOf(record, stops)
  const steps = (step: 0 | 1 | 2) => newTasks.flatMap((task) => stepOf(task, step, record))
  return {
    rollback: span(rollbackBeganAt, endedAt),
    provision: steps(0),
    pull: steps(1),
    start: steps(2),
    failing: newTasks.flatMap(failingOf),
    health: newTasks.flatMap((task) => healthOf(task, stops, bake, record)),
    deregistration: stops.map(({ fromMs, toMs }) => ({
      ...{ fromMs, toMs: Math.min(toMs, fromMs + deregistrationDelayMs) },
    })),
    stop: stops,
    bake: [bake],
  }
}

/** A step of a task: from its time to the next one's, else to the task's stop or the end. */
function stepOf(task: Task, step: 0 | 1 | 2, record: RolloutRecord): readonly Span[] {
  const { times, startedAt, stoppedAt } = task
  const failed = failureKind(task) !== undefined
  // One that failed without having started was failing from its pull on.
  if (failed && step > 0 && startedAt === undefined) return []
  const marks = [times?.createdAt, times?.pullStartedAt, times?.pullStoppedAt, startedAt]
  const [next, ...later] = marks.slice(step + 1)
  const passed = failed || later.some((mark) => mark !== undefined)
  const end = passed ? undefined : (stoppedAt ?? openEndOf(record))
  return span(marks[step], next ?? end)
}

/** How long a task that failed had run, or had tried to start; not how long it took to stop. */
function failingOf(task: Task): readonly Span[] {
  if (failureKind(task) === undefined) return []
  const { startedAt, stoppedAt, times } = task
  return span(startedAt ?? times?.pullStartedAt ?? times?.createdAt, stoppedAt)
}

function stopsOf(record: RolloutRecord): readonly Span[] {
  const { oldTasks, stopsToldAt } = record
  return oldTasks.flatMap(({ arn, times }) => {
    const began = [stopsToldAt.get(nameInArn(arn)), times?.stoppingAt].flatMap(
      (at) => at?.getTime() ?? [],
    )
    if (began.length === 0) return []
    return span(new Date(Math.min(...began)), times?.endedAt ?? openEndOf(record))
  })
}

/** Of a complete rollout the end of the bake is known, and how long it was to be. */
function bakeOf(record: RolloutRecord, stops: readonly Span[]): Span {
  const { bakeMs, bakesBeforeStops, end, endedAt } = record
  if (end !== 'complete' || bakeMs === 0) return bakeSinceStops(record)
  const firstStopMs = Math.min(endedAt.getTime(), ...stops.map(({ fromMs }) => fromMs))
  const toMs = bakesBeforeStops ? firstStopMs : endedAt.getTime()
  return { fromMs: toMs - bakeMs, toMs }
}

/** ECS does not say when a bake begins. A rolling one does once all old tasks are gone. */
function bakeSinceStops(record: RolloutRecord): Span {
  const { newTasks, oldTasks, rollbackBeganAt, endedAt, bakesAfterStops = 0 } = record
  const toMs = (rollbackBeganAt ?? endedAt).getTime()
  const gone = oldTasks
    .flatMap(({ times }) => times?.endedAt?.getTime() ?? [])
    .filter((atMs) => atMs <= toMs)
  if (bakesAfterStops === 0 || gone.length < bakesAfterStops) return { fromMs: toMs, toMs }
  const started = newTasks.flatMap(({ startedAt }) => startedAt?.getTime() ?? [])
  return { fromMs: Math.max(...gone, ...started), toMs }
}

/**
 * ECS does not say when a task was found healthy. That it stops an old task says so, for those that
 * were started before; without any old task to stop, the end of the rollout does.
 */
function healthOf(
  task: Task,
  stops: readonly Span[],
  bake: Span,
  record: RolloutRecord,
): readonly Span[] {
  const { startedAt, stoppedAt } = task
  if (startedAt === undefined || failureKind(task) !== undefined) return []
  const fromMs = startedAt.getTime()
  const next = stops.map((stop) => stop.fromMs).filter((atMs) => atMs >= fromMs)
  const stopping = stops.some(({ toMs }) => toMs > fromMs)
  // Old tasks that were still stopping may be all that was waited for.
  if (next.length === 0 && (stopping || !awaitsHealth(task, record))) return []
  return [{ fromMs, toMs: Math.min(bake.fromMs, stoppedAt?.getTime() ?? Infinity, ...next) }]
}

function awaitsHealth({ healthStatus }: Task, record: RolloutRecord): boolean {
  const { end, awaitsHealth: checks } = record
  if (end === 'complete') return true
  return checks?.balanced === true || (checks?.checked === true && healthStatus !== 'HEALTHY')
}

/** How long went on what has no end of its own; a complete rollout waited for nothing more. */
function openEndOf({ end, endedAt }: RolloutRecord): Date | undefined {
  return end === 'complete' ? undefined : endedAt
}

function span(from: Date | undefined, to: Date | undefined): readonly Span[] {
  if (from === undefined || to === undefined || to <= from) return []
  return [{ fromMs: from.getTime(), toMs: to.getTime() }]
}
