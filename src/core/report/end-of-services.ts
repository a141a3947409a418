import { isFailure, worstOf } from '../outcome.ts'
import type { ServiceOutcome } from '../rollout/evidence/service-outcome.ts'
import type { RunEnd } from './run-end.ts'

/**
 * What several services say together: the worst outcome, and its error. An accepted one speaks only
 * where no other is red.
 * @param services At least one.
 */
export function endOfServices(services: readonly ServiceOutcome[]): RunEnd {
  const red = services.filter(({ outcome, accepted }) => isFailure(outcome) && accepted !== true)
  const speaking = red.length === 0 ? services : red
  const outcome = worstOf(speaking.map((service) => service.outcome))
  const worst = speaking.find((service) => service.outcome === outcome)
  return {
    outcome,
    changed: services.some((service) => service.changed),
    verified: services.every((service) => service.verified),
    error: worst?.error,
    ...(worst?.accepted === true && { accepted: true }),
  }
}
