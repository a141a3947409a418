import { failureKind } from '../observation/stopped-tasks.ts'
import { timeParts, type TimePart } from './time-parts.ts'
import {
  spansOf,
  type RolloutEnd,
  type RolloutRecord,
  type Span,
  type Spans,
} from './time-spans.ts'

/** The parts that tasks take one by one. */
const taskParts = ['provision', 'pull', 'start', 'failing', 'stop'] as const

/** Where a rollout's time went, by ECS's clock alone. Seconds. */
export interface TimeSpent {
  readonly totalSeconds: number
  readonly parts: Readonly<Record<TimePart, number>>
  /** The longest that one task took for a step, whatever went on beside it. */
  readonly slowest: Readonly<Record<(typeof taskParts)[number], number | undefined>>
  /** How many new tasks failed. */
  readonly failedTasks: number
  readonly end: RolloutEnd
  /** Its end; of a rollout under way the last time that AWS told. */
  readonly upTo: Date
}

/** Attributes every instant of the rollout to one part. Pure; parts add up to the total. */
export function measureTimeSpent(record: RolloutRecord): TimeSpent {
  const whole = { fromMs: record.beganAt.getTime(), toMs: record.endedAt.getTime() }
  const spans = spansOf(record)
  const [provision, pull, start, failing, stop] = taskParts.map((part) => longest(spans[part]))
  return {
    totalSeconds: seconds(Math.max(0, whole.toMs - whole.fromMs)),
    parts: attribute(spans, whole),
    slowest: { provision, pull, start, failing, stop },
    failedTasks: record.newTasks.filter((task) => failureKind(task) !== undefined).length,
    ...{ end: record.end, upTo: record.endedAt },
  }
}

function attribute(spans: Spans, whole: Span): TimeSpent['parts'] {
  const total: Record<TimePart, number> = {
    ...{ rollback: 0, provision: 0, pull: 0, start: 0, failing: 0, health: 0 },
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

/** Undefined where no task took the step. */
function longest(spans: readonly Span[]): number | undefined {
  if (spans.length === 0) return undefined
  return seconds(Math.max(...spans.map(({ fromMs, toMs }) => toMs - fromMs)))
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000
}
