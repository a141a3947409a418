import type { ActionError } from '../../core/errors/action-error.ts'
import {
  emptyTaskHistory,
  rememberTasks,
  type TaskHistory,
} from '../../core/rollout/verdict/fail-fast.ts'
import { primaryOf, type Observation } from '../../core/rollout/observation/observation.ts'
import { unchangedLooksApartMs, whyNotWell } from '../../core/rollout/verdict/unchanged.ts'
import { lookAtService } from './look-at-service.ts'
import { needTasksOf } from './read-tasks.ts'
import { deadlineOf, looksOf, type Rollout } from './rollout.ts'
import type { WatchEnd } from './watch-rollout.ts'

/** What came of looking at a service that runs our definition already. */
export interface UnchangedEnd {
  readonly end: WatchEnd | { readonly kind: 'well' }
  readonly latest: Observation | undefined
  readonly history: TaskHistory
}

/**
 * Whether a service that was not updated is well: two good looks, some seconds apart. One that is
 * not is awaited to the deadline, and then failed; one that cannot be seen then is lost. A look
 * without the tasks that stopped shows nothing, unless they may not be read.
 */
export async function confirmUnchanged(rollout: Rollout): Promise<UnchangedEnd> {
  const { ports } = rollout
  const looks = looksOf(rollout)
  let seen: Omit<Look, 'found'> = { latest: undefined, history: emptyTaskHistory }
  let goodLooks = 0
  for (;;) {
    const { history } = seen
    const taken = await looks.take(() => lookOnce(rollout, history))
    if (taken.kind === 'lost') return { ...seen, end: taken }
    let problem: string | undefined
    if (taken.kind === 'seen') {
      const { found, ...now } = taken.seen
      seen = now
      if (found.kind === 'superseded') return { ...seen, end: takenOver(found.by) }
      problem = found.problem
      goodLooks = problem === undefined ? goodLooks + 1 : 0
    }
    if (goodLooks === 2) return { ...seen, end: { kind: 'well' } }
    const mostMs = deadlineOf(rollout) - ports.clock.monotonicMs()
    const late = endAtDeadline(problem, taken.kind === 'missed' ? taken.why : undefined)
    if (late !== undefined && mostMs <= 0) return { ...seen, end: late }
    if (late === undefined) await ports.clock.sleep(unchangedLooksApartMs, ports.signal)
    else await looks.rest(mostMs)
  }
}

interface Look extends Pick<UnchangedEnd, 'latest' | 'history'> {
  readonly found:
    | { readonly kind: 'ours'; readonly problem: string | undefined }
    | { readonly kind: 'superseded'; readonly by: string }
}

/** @throws AwsFailure, ActionError */
async function lookOnce(rollout: Rollout, before: TaskHistory): Promise<Look> {
  const { deployment, checks, ports } = rollout
  const latest = await lookAtService(rollout)
  const tasks = await needTasksOf(rollout, 'STOPPED')
  const history = rememberTasks(before, tasks, checks)
  const primary = primaryOf(latest.service)
  if (primary !== undefined && primary.id !== deployment.deploymentId) {
    return { latest, history, found: { kind: 'superseded', by: primary.id } }
  }
  const problem = whyNotWell(latest.service, tasks, ports.clock.now())
  return { latest, history, found: { kind: 'ours', problem } }
}

function takenOver(id: string): WatchEnd {
  return { kind: 'final', outcome: 'superseded', reason: `a newer deployment took over: ${id}` }
}

/** What the latest look is worth when there is no time for another; undefined: it was good. */
function endAtDeadline(
  problem: string | undefined,
  missed: ActionError | undefined,
): WatchEnd | undefined {
  if (missed !== undefined) return { kind: 'lost', cause: missed }
  if (problem === undefined) return undefined
  const reason = `not well until the deadline; still false: ${problem}`
  return { kind: 'final', outcome: 'failed', reason }
}
