import type { History } from './history.ts'

/** Rests between two looks: 4 s ± 10 %, doubled up to 30 s while ECS throttles. */
export const lookMs = 4_400
/** 15 s ± 10 % while the deployment bakes or a hook awaits its answer. */
const restingLookMs = 16_500
const longestLookMs = 33_000
/** After a success the watcher looks a few times more whether the deployment is still there. */
const confirmationMs = 10_000
/** A watcher looks for the deployment's record so long before it goes on without. */
export const pinMs = 34_000
/** Without the record, one that is in no list of the service is believed gone after a minute. */
const believedGoneMs = 75_000
/** A lost answer to UpdateService is looked for so long. */
export const recoveryMs = 10_000

/** The longest that a watcher rests while nothing throttles it. */
export const restMs = ({ service }: History): number =>
  service.staged === undefined ? lookMs : restingLookMs

/** Tasks are read at every failure that ECS counts, and at every eighth look. */
export const tasksMs = (history: History): number => 9 * restMs(history)

/** How late a watcher may see that something has ended for good. */
export const noticeMs = (history: History): number => sightMs(history) + confirmationMs

/** How late a watcher may see what is so. */
export function sightMs(history: History): number {
  const { reads, run } = history
  let nextMs = restMs(history)
  let totalMs = 2 * nextMs
  for (const { how } of reads.failing) {
    nextMs = how === 'throttled' ? Math.min(2 * nextMs, longestLookMs) : nextMs
    totalMs += nextMs
  }
  return totalMs + (run.updateAnswerLost ? recoveryMs : 0) + listedMs(history)
}

/** A newer deployment that a hook has rolled back at once is known only once it is listed. */
function listedMs({ service, reads }: History): number {
  const hooks = service.staged?.hooks ?? []
  const fails = hooks.some((hook) => hook.kind === 'lambda' && hook.result === 'FAILED')
  return fails && reads.listLagMs > 0 ? reads.listLagMs + restingLookMs : 0
}

const isPinnedLate = ({ reads }: History): boolean =>
  reads.listLagMs > 0 || reads.failing.length > 0 || reads.blindFromMs !== undefined

/** When a watcher has surely seen what is so by then. */
export function seenBy(history: History, byMs: number): number {
  const pinnedMs = Math.max(byMs, isPinnedLate(history) ? pinMs : 0)
  const withoutRecordMs = history.reads.listLagMs >= pinMs ? believedGoneMs : 0
  return pinnedMs + withoutRecordMs + sightMs(history)
}
