import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import {
  emptyTaskHistory,
  rememberTasks,
  type TaskHistory,
} from '../../core/rollout/verdict/fail-fast.ts'
import { primaryOf, type Observation } from '../../core/rollout/observation/observation.ts'
import { unchangedLooksApartMs, whyNotWell } from '../../core/rollout/verdict/unchanged.ts'
import { lookAtService } from './look-at-service.ts'
import { readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'
import type { WatchEnd } from './watch-rollout.ts'

/** What came of looking at a service that runs our definition already. */
export interface UnchangedEnd {
  readonly end: WatchEnd | { readonly kind: 'well' }
  readonly latest: Observation | undefined
  readonly history: TaskHistory
}

/** Looks that fail in a row before we say that we cannot see. */
const mostFailures = 2

/**
 * Whether a service that was not updated is well: two good looks, some seconds apart. One that is
 * not is awaited to the deadline, and then failed.
 */
export async function confirmUnchanged(rollout: Rollout): Promise<UnchangedEnd> {
  const { ports, plan, deployment } = rollout
  const untilMs = deployment.requestedAtMs + plan.wait.deadlineMs
  let history = emptyTaskHistory
  let latest: Observation | undefined
  let goodLooks = 0
  let failures = 0
  for (;;) {
    let problem: string | undefined
    try {
      latest = await lookAtService(rollout, undefined)
      const tasks = await readTasksOf(rollout, 'STOPPED')
      history = rememberTasks(history, tasks, rollout.checks)
      failures = 0
      const primary = primaryOf(latest.service)
      if (primary !== undefined && primary.id !== deployment.deploymentId) {
        const reason = `a newer deployment took over: ${primary.id}`
        return { end: { kind: 'final', outcome: 'superseded', reason }, latest, history }
      }
      problem = whyNotWell(latest.service, tasks, ports.clock.now())
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      failures += error.throttled ? 0 : 1
      const cause = explainEcs(error, rollout.place)
      if (failures >= mostFailures) return { end: { kind: 'lost', cause }, latest, history }
      problem = 'a look succeeds'
    }
    goodLooks = problem === undefined ? goodLooks + 1 : 0
    if (goodLooks === 2) return { end: { kind: 'well' }, latest, history }
    if (problem !== undefined && ports.clock.monotonicMs() >= untilMs) {
      const reason = `not well until the deadline; still false: ${problem}`
      return { end: { kind: 'final', outcome: 'failed', reason }, latest, history }
    }
    await ports.clock.sleep(unchangedLooksApartMs, ports.signal)
  }
}
