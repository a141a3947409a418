import fc, { type Arbitrary } from 'fast-check'

import type { Alarms, Breaker, Hook, ServiceSetup, Staged } from './history.ts'
import { seconds } from './moments.ts'

const breaker: Arbitrary<Breaker> = fc.record({
  rollback: fc.boolean(),
  resetOnHealthyTask: fc.boolean(),
  threshold: fc.oneof(
    fc.record({ type: fc.constant('COUNT' as const), value: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      type: fc.constantFrom('BOUNDED_PERCENT' as const, 'UNBOUNDED_PERCENT' as const),
      value: fc.constantFrom(50, 1, 25, 100, 150),
    }),
  ),
})

/** Deployment alarms. */
export const alarms: Arbitrary<Alarms> = fc.record({
  rollback: fc.boolean(),
  bakeTimeMinutes: fc.constantFrom(0, 1, 5),
  inAlarmBefore: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
})

const earlySuccess = fc.record({ healthyPercent: fc.constantFrom(100, 75, 50) })

/** Mostly not: what a service has beyond the usual. */
const seldom = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

const anyStages = [
  ...(['PRE_SCALE_UP', 'POST_SCALE_UP', 'TEST_TRAFFIC_SHIFT'] as const),
  ...(['POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'] as const),
  ...(['PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'] as const),
]

/** Hooks that let the deployment go on, or any. */
function hooks(kind: 'passing' | 'any'): Arbitrary<readonly Hook[]> {
  const action =
    kind === 'any'
      ? fc.constantFrom('CONTINUE' as const, 'ROLLBACK' as const)
      : fc.constant('CONTINUE' as const)
  const result =
    kind === 'any'
      ? fc.constantFrom('SUCCEEDED' as const, 'FAILED' as const)
      : fc.constant('SUCCEEDED' as const)
  const stage = fc.constantFrom(...anyStages)
  const timeout = fc.record({ minutes: fc.constantFrom(5, 10, 20), action })
  const hook: Arbitrary<Hook> = fc.oneof(
    fc.record({ stage, kind: fc.constant('lambda' as const), waits: fc.nat(3), result }),
    fc.record({
      ...{ stage, kind: fc.constant('pause' as const) },
      answer: fc.option(fc.record({ afterMs: seconds(5, 600), action }), { nil: undefined }),
      timeout: kind === 'any' ? fc.option(timeout, { nil: undefined }) : timeout,
    }),
  )
  return fc.uniqueArray(hook, { selector: (one) => one.stage, maxLength: 3 })
}

/** Deployments that go through stages. */
export const staged = (kind: 'passing' | 'any'): Arbitrary<Staged> =>
  fc.record({
    strategy: fc.constantFrom('BLUE_GREEN' as const, 'LINEAR' as const, 'CANARY' as const),
    bakeTimeMinutes: fc.constantFrom(0, 1, 5, 10),
    step: fc.record({
      percent: fc.constantFrom(20, 34, 50),
      bakeTimeMinutes: fc.constantFrom(0, 1, 3),
    }),
    hooks: hooks(kind),
  })

/** Services of every setup that a rollout may meet. */
export const services = (kind: 'passing' | 'any'): Arbitrary<ServiceSetup> =>
  fc.record({
    desiredCount: fc.integer({ min: 0, max: 6 }),
    minimumHealthyPercent: fc.constantFrom(100, 50, 0),
    maximumPercent: fc.constantFrom(200, 150, 100),
    breaker: fc.option(breaker, { nil: undefined }),
    alarms: seldom(alarms),
    earlySuccess: seldom(earlySuccess),
    healthCheck: fc.boolean(),
    loadBalancer: fc.option(
      fc.record({
        healthyAfterMs: seconds(5, 60),
        deregistrationDelayMs: fc.constantFrom(0, 5_000, 30_000, 300_000),
      }),
      { nil: undefined },
    ),
    staged: fc.option(staged(kind), { nil: undefined, freq: 2 }),
    predecessor: fc.oneof(
      { weight: 4, arbitrary: fc.constant('completed' as const) },
      { weight: 1, arbitrary: fc.constant('none' as const) },
    ),
  })
