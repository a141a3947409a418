import type { EcsOutcome, Ending } from './ending.ts'
import type { History } from './history.ts'
import { landings, requestMs } from './landings.ts'
import { passageOf } from './passage.ts'
import {
  desiredCounts,
  failureSpan,
  fails,
  healthyTimes,
  failsAfterMs,
  isBlocked,
  isTouched,
  lastDesiredCount,
  threshold,
  type Span,
} from './spans.ts'
import { oldDrainMs, reaching, successSpan } from './success-span.ts'

/** An alarm is noticed within this. */
const alarmNoticedMs = 60_000

interface Event extends Span {
  readonly endings: (span: Span) => readonly Ending[]
}

/**
 * The ways in which ECS may end the new deployment. What comes first decides; where two may come
 * first, both count.
 * @param noticeMs How late a watcher may see an end.
 * @param asked When the watcher itself asks for a rollback.
 */
export function endingsOf(history: History, noticeMs: number, asked?: Span): readonly Ending[] {
  const events = [success(history, noticeMs), trip(history, noticeMs), superseded(history)]
    .concat(alarmed(history, noticeMs), stopped(history, noticeMs))
    .concat(turnedBack(history, noticeMs), asked && takenBack(history, asked, noticeMs))
    .filter((event) => event !== undefined)
  const latestMs = Math.min(...events.filter(({ certain }) => certain).map(({ byMs }) => byMs))
  return events
    .filter(({ fromMs }) => fromMs <= latestMs)
    .flatMap((event) => event.endings({ ...event, byMs: Math.min(event.byMs, latestMs) }))
}

const momentOf = ({ disturbances }: History, kind: 'supersede' | 'stop-deployment') =>
  disturbances.find((one) => one.kind === kind)?.atMs

function success(history: History, noticeMs: number): Event | undefined {
  const span = successSpan(history)
  if (span === undefined) return undefined
  const atMs = momentOf(history, 'supersede') ?? Infinity
  const late = atMs >= span.fromMs && atMs <= span.byMs + noticeMs
  const rule = 'SUCCESSFUL, then a newer deployment took its place'
  return {
    ...span,
    endings: (own) => [
      { ...own, outcomes: ['deployed'], statuses: ['SUCCESSFUL'], rule: 'SUCCESSFUL' },
      ...(late ? [{ ...at(atMs), outcomes: bySuperseding, statuses: ['SUCCESSFUL'], rule }] : []),
    ],
  }
}

const bySuperseding: readonly EcsOutcome[] = ['superseded']

function at(atMs: number): Span {
  return { fromMs: atMs, byMs: atMs + requestMs, certain: true }
}

/** The circuit breaker trips at its threshold of failures in a row. */
function trip(history: History, noticeMs: number): Event | undefined {
  const { breaker } = history.service
  if (breaker === undefined) return undefined
  // Whether the threshold follows the desired count is not documented: any of them may hold.
  const limits = desiredCounts(history).map((count) => threshold(breaker, count))
  const [least, most] = [Math.min(...limits), Math.max(...limits)]
  const span = failureSpan(history, fails, { least, most })
  if (span === undefined) return undefined
  const certain = tripsForCertain(history, most)
  return {
    ...span,
    certain,
    endings: (own) => failed(history, own, breaker.rollback, noticeMs),
  }
}

/** The deployment's alarm goes off; one that was in ALARM before is not watched. */
function alarmed(history: History, noticeMs: number): Event | undefined {
  const { alarms } = history.service
  const atMs = history.disturbances.find((one) => one.kind === 'alarm' && one.watched)?.atMs
  if (alarms === undefined || alarms.inAlarmBefore || atMs === undefined) return undefined
  return {
    ...{ fromMs: atMs, byMs: atMs + alarmNoticedMs, certain: !isBaked(history, atMs) },
    endings: (own) => failed(history, own, alarms.rollback, noticeMs),
  }
}

/** Whether an alarm still counts while the old tasks of a staged deployment go is not documented. */
function isBaked(history: History, atMs: number): boolean {
  if (history.service.staged === undefined) return false
  return atMs >= (successSpan(history)?.fromMs ?? Infinity) - oldDrainMs(history)
}

/** A hook fails, is answered ROLLBACK, or its time is over. */
function turnedBack(history: History, noticeMs: number): Event | undefined {
  const turn = passageOf(history)?.turn
  const span = turn && reaching(history, turn)
  if (turn === undefined || span === undefined) return undefined
  const certain = span.certain && !turn.endless
  return { ...span, certain, endings: (own) => returning(history, own, ['superseded'], noticeMs) }
}

/** The watcher has it rolled back. */
function takenBack(history: History, asked: Span, noticeMs: number): Event {
  const byMs = asked.byMs + requestMs
  return {
    ...asked,
    byMs,
    endings: (own) => returning(history, own, ['superseded', 'failed'], noticeMs),
  }
}

function returning(
  history: History,
  own: Span,
  names: readonly EcsOutcome[],
  noticeMs: number,
): readonly Ending[] {
  const ends = landings(history, own, true)
  return [...ends, ...replacedMeanwhile(history, ends, names, noticeMs)]
}

function failed(
  history: History,
  own: Span,
  rollback: boolean,
  noticeMs: number,
): readonly Ending[] {
  const ends = landings(history, own, rollback)
  return [...ends, ...replacedMeanwhile(history, ends, ['superseded', 'failed'], noticeMs)]
}

/** Failures that are surely counted, with no healthy task in between that sets the count back. */
function tripsForCertain(history: History, limit: number): boolean {
  const { first, then } = history.tasks
  const last = lastDesiredCount(history)
  if (desiredCounts(history).includes(0) || isBlocked(history, last)) return false
  if (fails(then)) return true
  if (isTouched(history) || !first.every(fails) || first.length < limit) return false
  const longestMs = Math.max(...first.map(failsAfterMs))
  const { breaker, earlySuccess } = history.service
  const needsAll = breaker?.resetOnHealthyTask === false && earlySuccess === undefined
  return needsAll || longestMs + requestMs < healthyTimes(history).leastMs
}

/** Somebody's newer deployment may come before the landing is over, or is seen. */
function replacedMeanwhile(
  history: History,
  ends: readonly Ending[],
  names: readonly EcsOutcome[],
  noticeMs: number,
): readonly Ending[] {
  const atMs = momentOf(history, 'supersede') ?? Infinity
  const meanwhile = ends.some(({ fromMs, byMs }) => atMs >= fromMs && atMs <= byMs + noticeMs)
  if (!meanwhile) return []
  const rule = 'a newer deployment came into its failure'
  return [{ ...at(atMs), outcomes: names, statuses: [], rule }]
}

function superseded(history: History): Event | undefined {
  const atMs = momentOf(history, 'supersede')
  if (atMs === undefined) return undefined
  const rule = 'a newer deployment took over'
  return {
    ...{ fromMs: atMs, byMs: atMs, certain: true },
    endings: () => [{ ...at(atMs), outcomes: bySuperseding, statuses: ['STOPPED'], rule }],
  }
}

/** ROLLBACK_REQUESTED "may still become SUCCESSFUL" (API reference, ServiceDeployment.status). */
function stopped(history: History, noticeMs: number): Event | undefined {
  const atMs = momentOf(history, 'stop-deployment')
  if (atMs === undefined) return undefined
  return {
    ...at(atMs),
    endings: (own) => returning(history, own, ['superseded', 'stopped'], noticeMs),
  }
}
