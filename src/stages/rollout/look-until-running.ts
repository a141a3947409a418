import { primaryOf, type ServiceView } from '../../core/rollout/observation/observation.ts'
import { endOf, lookAtService } from './look-at-service.ts'
import { MissedLooks } from './missed-looks.ts'
import type { Rollout } from './rollout.ts'

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
 * @throws AwsFailure, ActionError of a look, where too many fail.
 */
export async function lookUntilRunning(rollout: Rollout): Promise<ServiceView> {
  const { clock, signal } = rollout.ports
  const untilMs = Math.min(clock.monotonicMs() + taskWithinMs, endOf(rollout))
  const missed = new MissedLooks(rollout)
  let others = 0
  let missedLate = 0
  for (let look = 0; ; look += 1) {
    const beganAtMs = clock.monotonicMs()
    try {
      const { service } = await lookAtService(rollout)
      missed.forget(beganAtMs)
      missedLate = 0
      const seen = findTask(rollout, service)
      if (seen === 'other') others += 1
      const late = clock.monotonicMs() >= untilMs
      if (seen === 'running' || others >= mostLooks || (seen === 'none' && late)) return service
    } catch (error) {
      const lost = missed.count(error, beganAtMs)
      if (clock.monotonicMs() >= untilMs) missedLate += 1
      if (lost !== undefined || missedLate >= mostLooks) throw error
    }
    const leftMs = untilMs - clock.monotonicMs()
    if (missed.throttled && leftMs > 0) await restSlowly(rollout, look, leftMs)
    else await clock.sleep(looksApartMs, signal)
  }
}

/** As long as all services of the run do that ECS throttles. */
async function restSlowly(
  { rounds, deployment, ports }: Rollout,
  look: number,
  mostMs: number,
): Promise<void> {
  const about = { deploymentId: deployment.deploymentId, look, again: false }
  await rounds.rest({ ...about, restLeftMs: undefined, mostMs }, ports.signal)
}

/** `other`: PRIMARY is not ours. A service that is to run nothing shows no task, and is not waited for. */
function findTask({ deployment }: Rollout, service: ServiceView): 'running' | 'none' | 'other' {
  const primary = primaryOf(service)
  if (primary?.id !== deployment.deploymentId) return 'other'
  return service.desiredCount === 0 || primary.runningCount > 0 ? 'running' : 'none'
}
