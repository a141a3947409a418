import type { Cause, KnownCause } from './cause.ts'
import { containerCauses, healthCauses, placementCauses } from './run-causes.ts'
import { initialisationCauses, pullCauses } from './start-causes.ts'

/**
 * ECS's reasons, from the most to the least special: the first that matches speaks. The texts are
 * from the developer guide's "stopped task error codes" and "CannotPullContainer task errors", the
 * ECS agent's error messages, and public issues; platform 1.4 cuts them short, so that patterns
 * match beginnings.
 */
const known: readonly KnownCause[] = [
  ...pullCauses,
  ...initialisationCauses,
  ...containerCauses,
  ...healthCauses,
  ...placementCauses,
]

/** @returns undefined where the reason is not known: it is then told as it is. */
export function findCause(reason: string): Cause | undefined {
  return known.find(({ pattern }) => pattern.test(reason))
}
