import { endingsOf, type EcsOutcome, type Ending } from './endings.ts'
import type { History, NewTask } from './history.ts'
import {
  desiredCounts,
  failsAfterMs,
  failureSpan,
  isBlocked,
  isTouched,
  lastDesiredCount,
  type Span,
} from './spans.ts'

export type Outcome = EcsOutcome | 'timed-out' | 'cancelled' | 'unknown'

/** What may truthfully be said of a history. */
export interface Truth {
  /** Every true outcome, with the rule behind it: one, or several where a race decides. */
  readonly outcomes: ReadonlyMap<Outcome, string>
  /** What ECS's own record may say in the end; empty: anything. */
  readonly statuses: ReadonlySet<string>
  /** Whether a success can be proven by digests: `open` where reads may fail, or tasks may be gone. */
  readonly verifiable: 'yes' | 'no' | 'open'
}

/** Rests between two looks: 4 s ± 10 %, doubled up to 30 s while ECS throttles. */
const lookMs = 4_400
const longestLookMs = 33_000
/** After a success the watcher looks a few times more whether the deployment is still there. */
const confirmationMs = 10_000
/** A watcher looks for the deployment's record so long before it goes on without. */
const pinMs = 34_000
/** Without the record, one that is in no list of the service is believed gone after a minute. */
const believedGoneMs = 75_000
/** Tasks are read at every failure that ECS counts, and at every eighth look. */
const tasksMs = 9 * lookMs
/** A lost answer to UpdateService is looked for so long. */
const recoveryMs = 10_000
/** The first of these looks. */
const firstLookMs = 2_000
/** Tasks of one batch start within this. */
const lateMs = 5_000
/** RUNNING for so long is healthy where nothing checks. */
const healthyForMs = 30_000

interface Candidate extends Span {
  readonly outcome: Outcome
  readonly rule: string
}

/**
 * Tells the truth about a history from its data alone: what ECS does by AWS's pages, and what one
 * who watches with that deadline and those reads can say of it.
 */
export function tellTruth(history: History): Truth {
  return {
    outcomes: outcomesOf(history),
    statuses: statusesOf(endingsOf(history, noticeMs(history))),
    verifiable: verifiable(history),
  }
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
  const endings = endingsOf(history, noticeMs(history))
  const candidates = [...seen(endings), ...hopeless(history), ...ownEnds(history, endings)]
  const byMs = Math.min(
    endMs(history, endings),
    ...candidates.filter(({ certain }) => certain).map((candidate) => candidate.byMs),
  )
  return { byMs, possible: candidates.filter(({ fromMs }) => fromMs <= byMs) }
}

const noticeMs = (history: History): number => sightMs(history) + confirmationMs

/** How late a watcher may see what is so. */
function sightMs({ reads, run }: History): number {
  let restMs = lookMs
  let totalMs = 2 * lookMs
  for (const { how } of reads.failing) {
    restMs = how === 'throttled' ? Math.min(2 * restMs, longestLookMs) : restMs
    totalMs += restMs
  }
  return totalMs + (run.updateAnswerLost ? recoveryMs : 0)
}

const isPinnedLate = ({ reads }: History): boolean =>
  reads.listLagMs > 0 || reads.failing.length > 0 || reads.blindFromMs !== undefined

function seenBy(history: History, byMs: number): number {
  const pinnedMs = Math.max(byMs, isPinnedLate(history) ? pinMs : 0)
  const withoutRecordMs = history.reads.listLagMs >= pinMs ? believedGoneMs : 0
  return pinnedMs + withoutRecordMs + sightMs(history)
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
  const found: Candidate[] = [moment('timed-out', run.deadlineMs, 'the deadline is over')]
  if (run.cancelAtMs !== undefined) {
    found.push(moment('cancelled', run.cancelAtMs, 'the run is cancelled'))
  }
  if (reads.blindFromMs !== undefined) {
    const byMs = seenBy(history, reads.blindFromMs) + 2 * lookMs
    const rule = 'the credentials are gone'
    found.push({ ...moment('unknown', reads.blindFromMs, rule), byMs })
  }
  if (run.updateAnswerLost) found.push(...takenBack(history, endings))
  return found
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

const crashes = ({ kind }: NewTask): boolean =>
  kind === 'crashes' || kind === 'unhealthy' || kind === 'refused-by-load-balancer'

/**
 * Without circuit breaker and alarms the watcher gives up: at the second task that no retry can start, or at
 * so many crashes with no healthy task in between.
 */
function hopeless(history: History): readonly Candidate[] {
  const { service, run, tasks } = history
  const limit = tasks.then.kind === 'unpullable' ? 2 : run.maxTaskFailures
  const counts = tasks.then.kind === 'unpullable' ? isUnpullable : crashes
  const judged = service.breaker !== undefined || service.alarms !== undefined
  if (judged || run.maxTaskFailures === 0) return []
  const span = failureSpan(history, counts, { least: limit, most: limit })
  if (span === undefined || isAccompanied(history, counts, limit)) return []
  const rule = 'tasks keep failing, and neither breaker nor alarms judge'
  const byMs = seenBy(history, span.byMs) + tasksMs
  // Once ECS rolls it back on somebody's word, there is nothing to give up.
  const stoppedMs = history.disturbances.find(({ kind }) => kind === 'stop-deployment')?.atMs
  const certain = byMs < (stoppedMs ?? Infinity) && givesUpForCertain(history, counts, limit)
  return [{ ...span, byMs, outcome: 'failed', rule, certain }]
}

/** A healthy task runs beside all that fail, but for fewer than `limit` before it was healthy. */
function isAccompanied(
  history: History,
  counts: (task: NewTask) => boolean,
  limit: number,
): boolean {
  const { service, tasks } = history
  const [companion, ...others] = tasks.first
  // Whether targets are healthy a watcher cannot see.
  if (companion?.kind !== 'healthy' || isTouched(history)) return false
  if (service.loadBalancer !== undefined) return false
  const healthyMs = companion.startsAfterMs + leastHealthyMs(history, companion.healthyAfterMs)
  const soonestMs = Math.min(...[...others, tasks.then].filter(counts).map(failsAfterMs))
  const before = Math.ceil((healthyMs + lateMs) / soonestMs) * (service.desiredCount - 1)
  return service.desiredCount > 1 && before < limit
}

const isUnpullable = ({ kind }: NewTask): boolean => kind === 'unpullable'

function givesUpForCertain(
  history: History,
  counts: (task: NewTask) => boolean,
  limit: number,
): boolean {
  const { first, then } = history.tasks
  if (desiredCounts(history).includes(0) || isBlocked(history, lastDesiredCount(history))) {
    return false
  }
  if ([...first, then].some((task) => isLong(history, task))) return false
  if (counts(then)) return first.every(({ kind }) => kind !== 'healthy')
  if (isTouched(history) || !first.every(counts) || first.length < limit) return false
  if (then.kind !== 'healthy') return true
  return (
    Math.max(...first.map(failsAfterMs)) + sightMs(history) + tasksMs <
    then.startsAfterMs + leastHealthyMs(history, then.healthyAfterMs)
  )
}

/** From RUNNING until a watcher may call it healthy. */
function leastHealthyMs({ service }: History, checkMs: number): number {
  const { healthCheck, loadBalancer } = service
  if (!healthCheck && loadBalancer === undefined) return healthyForMs
  return Math.max(healthCheck ? checkMs : 0, loadBalancer?.healthyAfterMs ?? 0)
}

/** It ran long enough to count as healthy, for all that can be known. */
function isLong({ service }: History, task: NewTask): boolean {
  const checked = service.healthCheck || service.loadBalancer !== undefined
  return !checked && task.kind === 'crashes' && task.afterMs >= healthyForMs
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
  return clear ? 'yes' : 'open'
}
