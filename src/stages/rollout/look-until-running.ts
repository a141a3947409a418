import { primaryOf, type ServiceView } from '../../core/rollout/observation/observation.ts'
import { lookAtService } from './look-at-service.ts'
import { deadlineOf, looksOf, type Rollout } from './rollout.ts'

/** Looks that show another PRIMARY, or fail when the time is over, before they are believed. */
const mostLooks = 4
const looksApartMs = 2_000
/** A service that was just scaled from 0, or whose only task Spot took, has one again by then. */
const taskWithinMs = 60_000

/**
 * Looks at a service whose deployment is complete until it shows a running task of ours. A look may
 * be older than the deployment's end: another PRIMARY must stay to be believed. Without a task, a
 * minute is waited for one at most, and not beyond the deadline.
 * @returns the last look, whatever it shows.
 * @throws ActionError of a look, where too many fail.
 */
export async function lookUntilRunning(rollout: Rollout): Promise<ServiceView> {
  const { clock, signal } = rollout.ports
  const untilMs = Math.min(clock.monotonicMs() + taskWithinMs, deadlineOf(rollout))
  const looks = looksOf(rollout)
  let others = 0
  let missedLate = 0
  for (;;) {
    const taken = await looks.take(() => lookAtService(rollout))
    const late = clock.monotonicMs() >= untilMs
    if (taken.kind === 'seen') {
      const { service } = taken.seen
      missedLate = 0
      const seen = findTask(rollout, service)
      if (seen === 'other') others += 1
      if (seen === 'running' || others >= mostLooks || (seen === 'none' && late)) return service
    } else {
      if (late) missedLate += 1
      if (taken.kind === 'lost') throw taken.cause
      if (missedLate >= mostLooks) throw taken.why
    }
    const leftMs = untilMs - clock.monotonicMs()
    // As long as all services of the run do that ECS throttles.
    if (looks.throttled && leftMs > 0) await looks.rest(leftMs)
    else await clock.sleep(looksApartMs, signal)
  }
}

/** `other`: PRIMARY is not ours. A service that is to run nothing shows no task, and is not waited for. */
function findTask({ deployment }: Rollout, service: ServiceView): 'running' | 'none' | 'other' {
  const primary = primaryOf(service)
  if (primary?.id !== deployment.deploymentId) return 'other'
  return service.desiredCount === 0 || primary.runningCount > 0 ? 'running' : 'none'
}
