import type { EcsOutcome, Ending } from './ending.ts'
import { endingsOf } from './endings.ts'
import { givingUp } from './giving-up.ts'
import type { Disturbance, History } from './history.ts'
import { noticeMs, recoveryMs, restMs, seenBy } from './looks.ts'
import { passageOf } from './passage.ts'
import { desiredCounts, type Span } from './spans.ts'
import { reaching } from './success-span.ts'

export type Outcome = EcsOutcome | 'paused' | 'timed-out' | 'cancelled' | 'unknown'

/** What may truthfully be said of a history. */
export interface Truth {
  /** Every true outcome, with the rule behind it: one, or several where a race decides. */
  readonly outcomes: ReadonlyMap<Outcome, string>
  /** What ECS's own record may say in the end; empty: anything. */
  readonly statuses: ReadonlySet<string>
  /** Whether a success can be proven by digests: `open` where reads may fail, or tasks may be gone. */
  readonly verifiable: 'yes' | 'no' | 'open'
}

/** The first look for what became of an update whose answer was lost. */
const firstLookMs = 2_000
/** A rollback that was asked for is awaited at least so long, with the looks that it takes. */
const landsWithinMs = 11 * 60_000

interface Candidate extends Span {
  readonly outcome: Outcome
  readonly rule: string
}

/**
 * Tells the truth about a history from its data alone: what ECS does by AWS's pages, and what one
 * who watches with that deadline and those reads can say of it.
 */
export function tellTruth(history: History): Truth {
  const outcomes = outcomesOf(history)
  return {
    outcomes,
    statuses: dependsOnWatcher(history, outcomes) ? new Set() : statusesOf(endsOf(history)),
    verifiable: verifiable(history),
  }
}

/** What ECS comes to depends on when a watcher ended who was to roll back, or to answer. */
function dependsOnWatcher(history: History, outcomes: Truth['outcomes']): boolean {
  const { onPause, onFailure, onTimeout } = history.run
  const hasAny = (...ends: readonly Outcome[]): boolean => ends.some((end) => outcomes.has(end))
  if (onTimeout === 'rollback' && hasAny('timed-out')) return true
  const answers = onPause === 'continue' || onPause === 'rollback'
  const rollsBack = onFailure === 'rollback' && givingUp(history) !== undefined
  if (answers && passageOf(history)?.pause !== undefined && hasAny('failed')) return true
  return (answers || rollsBack) && hasAny('timed-out', 'cancelled', 'unknown', 'paused')
}

/** What happens after the watcher has surely ended is none of its business. */
function outcomesOf(history: History): ReadonlyMap<Outcome, string> {
  const { disturbances } = history
  for (let known = 0; ; known += 1) {
    const { byMs, possible } = weigh({ ...history, disturbances: disturbances.slice(0, known) })
    const next = disturbances[known]
    if (next === undefined || byMs < next.atMs) {
      return new Map(possible.map(({ outcome, rule }) => [outcome, rule]))
    }
  }
}

/** The candidates that nothing else surely forestalls. */
function weigh(history: History): { byMs: number; possible: readonly Candidate[] } {
  const endings = endsOf(history)
  const candidates = [...seen(endings), ...ownEnds(history, endings)]
  const byMs = Math.min(
    endMs(history, endings),
    ...candidates.filter(({ certain }) => certain).map((candidate) => candidate.byMs),
  )
  return { byMs, possible: candidates.filter(({ fromMs }) => fromMs <= byMs) }
}

/** The ends that ECS makes, by itself or because the watcher gave up and asked for one. */
function endsOf(history: History): readonly Ending[] {
  const asked = history.run.onFailure === 'rollback' ? givingUp(history) : undefined
  return endingsOf(history, noticeMs(history), asked)
}

/** When a watcher who waits for ECS's own end has surely seen one. */
function endMs(history: History, endings: readonly Ending[]): number {
  const certain = endings.some((ending) => ending.certain)
  return certain ? seenBy(history, Math.max(...endings.map(({ byMs }) => byMs))) : Infinity
}

/** Ends of ECS's making. None is certain by itself: each is one of several. */
function seen(endings: readonly Ending[]): readonly Candidate[] {
  return endings.flatMap(({ outcomes, fromMs, byMs, rule }) =>
    outcomes.map((outcome) => ({ outcome, rule, fromMs, byMs, certain: false })),
  )
}

/** The ends that the watcher itself sets. */
function ownEnds(history: History, endings: readonly Ending[]): readonly Candidate[] {
  const { run, reads } = history
  const found = [...hopeless(history), ...deadline(history), ...paused(history)]
  if (run.cancelAtMs !== undefined) {
    found.push(moment('cancelled', run.cancelAtMs, 'the run is cancelled'))
  }
  if (reads.blindFromMs !== undefined) {
    const byMs = seenBy(history, reads.blindFromMs) + 2 * restMs(history)
    const rule = 'the credentials are gone'
    found.push({ ...moment('unknown', reads.blindFromMs, rule), byMs })
  }
  if (run.updateAnswerLost) found.push(...takenBack(history, endings))
  return found
}

/** The watcher gives up; where it is to roll back, too, that is an end of ECS's making. */
function hopeless(history: History): readonly Candidate[] {
  const span = givingUp(history)
  if (span === undefined) return []
  const rule = 'tasks keep failing, and neither breaker nor alarms judge'
  if (history.run.onFailure === 'leave') return [{ ...span, outcome: 'failed', rule }]
  const late = `${rule}; the rollback took too long`
  return [{ ...span, outcome: 'failed', rule: late, certain: false }]
}

function deadline(history: History): readonly Candidate[] {
  const { deadlineMs, cancelAtMs = Infinity, onTimeout } = history.run
  const end = moment('timed-out', deadlineMs, 'the deadline is over')
  // A rollback that was asked for before goes on to be awaited.
  const asked = history.run.onFailure === 'rollback' ? givingUp(history) : undefined
  if (asked !== undefined && asked.fromMs <= deadlineMs) {
    return [{ ...end, byMs: deadlineMs + landsWithinMs }]
  }
  if (onTimeout === 'leave' || cancelAtMs > deadlineMs + landsWithinMs) return [end]
  const rule = 'the run is cancelled while the late deployment is rolled back'
  return [end, { ...moment('cancelled', deadlineMs, rule), certain: false }]
}

/** The run ends where the deployment is paused. */
function paused(history: History): readonly Candidate[] {
  const pause = history.run.onPause === 'return' ? passageOf(history)?.pause : undefined
  const span = pause && reaching(history, pause)
  if (span === undefined) return []
  return [{ ...span, byMs: seenBy(history, span.byMs), outcome: 'paused', rule: 'it is paused' }]
}

/** Where another deployment is PRIMARY before a look, nobody can tell whether the update arrived. */
function takenBack(history: History, endings: readonly Ending[]): readonly Candidate[] {
  const { disturbances, reads } = history
  const rolledBackMs = Math.min(
    ...endings.filter(({ outcomes }) => outcomes.includes('rolled-back')).map(beginOf),
  )
  const supersededMs = disturbances.find(({ kind }) => kind === 'supersede')?.atMs ?? Infinity
  const seenFromMs = reads.failing.length > 0 ? recoveryMs : firstLookMs
  const early = rolledBackMs <= seenFromMs || supersededMs <= recoveryMs
  const rule = 'the update was lost, and superseded or taken back before a look'
  const atMs = Math.min(rolledBackMs, supersededMs)
  return early ? [{ ...moment('unknown', atMs, rule), certain: false }] : []
}

const beginOf = ({ fromMs }: Ending): number => fromMs

function moment(outcome: Outcome, atMs: number, rule: string): Candidate {
  return { outcome, rule, fromMs: atMs, byMs: atMs, certain: true }
}

function statusesOf(endings: readonly Ending[]): ReadonlySet<string> {
  const open = endings.length === 0 || endings.some(({ statuses }) => statuses.length === 0)
  const ends = endings.flatMap(({ statuses }) => statuses)
  const certain = endings.some((ending) => ending.certain)
  return new Set(open ? [] : certain ? ends : [...ends, 'IN_PROGRESS'])
}

function verifiable(history: History): Truth['verifiable'] {
  const counts = desiredCounts(history)
  if (counts.every((count) => count === 0)) return 'no'
  const { failing, blindFromMs } = history.reads
  const clear = failing.length === 0 && blindFromMs === undefined && !counts.includes(0)
  return clear && runsSoonAgain(history) ? 'yes' : 'open'
}

/** A watcher waits a minute for a running task: one that was taken at the end has another by then. */
function runsSoonAgain({ disturbances, tasks }: History): boolean {
  const all = [...tasks.first, tasks.then]
  // RUNNING for so long they may count as healthy, and none may run when the end is confirmed.
  if (all.some((task) => task.kind === 'crashes' && task.afterMs >= startsSoonMs)) return false
  if (!disturbances.some(({ kind }) => taking.has(kind))) return true
  const soon = all.every(
    ({ kind, startsAfterMs }) => kind === 'healthy' && startsAfterMs <= startsSoonMs,
  )
  return soon && disturbances.every(({ kind }) => kind !== 'lose-capacity')
}

const startsSoonMs = 30_000
const taking: ReadonlySet<Disturbance['kind']> = new Set([
  ...(['stop-task', 'interrupt-spot', 'fail-targets', 'rebalance'] as const),
])
