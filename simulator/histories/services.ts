import fc, { type Arbitrary } from 'fast-check'

import type { Alarms, Breaker, ServiceSetup } from './history.ts'
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

/** Services of every setup that a rollout may meet. */
export const services: Arbitrary<ServiceSetup> = fc.record({
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
  predecessor: fc.oneof(
    { weight: 4, arbitrary: fc.constant('completed' as const) },
    { weight: 1, arbitrary: fc.constant('none' as const) },
  ),
})
