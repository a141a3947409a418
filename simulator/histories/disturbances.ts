import fc, { type Arbitrary } from 'fast-check'

import type { Disturbance } from './history.ts'
import { ms, seconds } from './moments.ts'

/** Mostly soon after UpdateService. */
export const atMs = fc.oneof(ms(500, 30_000), seconds(30, 120), seconds(120, 1_200))

const tasks = fc.integer({ min: 1, max: 3 })

/** What AWS does of its own accord to tasks that are well. */
const nature: Arbitrary<Disturbance> = fc.oneof(
  fc.record({ atMs, kind: fc.constant('interrupt-spot' as const), tasks }),
  fc.record({
    ...{ atMs, kind: fc.constant('lose-capacity' as const), forMs: seconds(1, 600) },
    failure: fc.constantFrom(
      ...(['fargate-capacity', 'container-instances', 'vcpu-limit'] as const),
    ),
  }),
  fc.record({ atMs, kind: fc.constant('rebalance' as const) }),
  fc.record({ atMs, kind: fc.constant('fail-targets' as const), tasks }),
  fc.record({ atMs, kind: fc.constant('alarm' as const), watched: fc.constant(false) }),
)

/**
 * What is no reason to call a release a failure, unless too many targets fail.
 * @param fewest The least desired count that anybody sets.
 */
export function harmless(fewest: number): Arbitrary<Disturbance> {
  return fc.oneof(
    fc.record({
      ...{ atMs, kind: fc.constant('scale' as const) },
      desiredCount: fc.integer({ min: fewest, max: 6 }),
      by: fc.constantFrom('operator' as const, 'auto-scaling' as const),
    }),
    fc.record({ atMs, kind: fc.constant('stop-task' as const), pick: fc.nat(8) }),
    fc.record({ atMs, kind: fc.constantFrom('run-task' as const, 'touch' as const) }),
    { weight: 2, arbitrary: nature },
  )
}

/** The alarm of the deployment. */
export const goesOff = fc.record({
  ...{ atMs, kind: fc.constant('alarm' as const), watched: fc.constant(true) },
})

/** What ends a deployment that is under way. */
export const hostile: Arbitrary<Disturbance> = fc.oneof(
  fc.record({ atMs, kind: fc.constantFrom('supersede' as const, 'stop-deployment' as const) }),
  goesOff,
)
