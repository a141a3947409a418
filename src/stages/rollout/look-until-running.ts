import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { primaryOf, type ServiceView } from '../../core/rollout/observation/observation.ts'
import { endOf, lookAtService, restThrottled } from './look-at-service.ts'
import type { Rollout } from './rollout.ts'

/** Looks that fail in a row, or that show another PRIMARY, before they are believed. */
const mostLooks = 4
const looksApartMs = 2_000
/** A service that was just scaled from 0, or whose only task Spot took, has one again by then. */
const taskWithinMs = 60_000

/**
 * Looks at a service whose deployment is complete until it shows a running task of ours. A look may
 * be older than the deployment's end: another PRIMARY must stay to be believed. Without a task, a
 * minute is waited for one at most, and not beyond the deadline.
 * @returns the last look, whatever it shows.
 * @throws AwsFailure
 */
export async function lookUntilRunning(rollout: Rollout): Promise<ServiceView> {
  const { clock, signal } = rollout.ports
  const untilMs = Math.min(clock.monotonicMs() + taskWithinMs, endOf(rollout))
  let others = 0
  let failures = 0
  for (let look = 0; ; look += 1) {
    const beganAtMs = clock.monotonicMs()
    let throttled = false
    try {
      const { service } = await lookAtService(rollout, undefined)
      rollout.rounds.ease(beganAtMs)
      const seen = findTask(rollout, service)
      failures = 0
      if (seen === 'other') others += 1
      const late = clock.monotonicMs() >= untilMs
      if (seen === 'running' || others >= mostLooks || (seen === 'none' && late)) return service
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.denied) throw error
      throttled = error.throttled && clock.monotonicMs() < untilMs
      failures += throttled ? 0 : 1
      if (failures >= mostLooks) throw error
    }
    if (throttled) await restThrottled(rollout, look, beganAtMs)
    else await clock.sleep(looksApartMs, signal)
  }
}

/** `other`: PRIMARY is not ours. A service that is to run nothing shows no task, and is not waited for. */
function findTask({ deployment }: Rollout, service: ServiceView): 'running' | 'none' | 'other' {
  const primary = primaryOf(service)
  if (primary?.id !== deployment.deploymentId) return 'other'
  return service.desiredCount === 0 || primary.runningCount > 0 ? 'running' : 'none'
}
