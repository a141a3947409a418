import fc, { type Arbitrary } from 'fast-check'

import { atMs, goesOff, harmless, hostile } from './disturbances.ts'
import type { History, NewTask, Reads } from './history.ts'
import { legalise } from './legal.ts'
import { seconds } from './moments.ts'
import { tellTruth } from './oracle.ts'
import { alarms, services } from './services.ts'
import {
  desiredCounts,
  fails,
  isBlocked,
  lastDesiredCount,
  targetFailures,
  threshold,
} from './spans.ts'

const startsAfterMs = seconds(1, 20)

const healthyTask: Arbitrary<NewTask> = fc.record({
  startsAfterMs: fc.oneof(
    { weight: 4, arbitrary: startsAfterMs },
    // A large image.
    { weight: 1, arbitrary: seconds(60, 400) },
  ),
  kind: fc.constant('healthy' as const),
  healthyAfterMs: seconds(1, 90),
})

const failingTask: Arbitrary<NewTask> = fc.oneof(
  fc.record({
    ...{ startsAfterMs, kind: fc.constant('crashes' as const) },
    ...{ afterMs: seconds(1, 36), exitCode: fc.constantFrom(1, 0, 3, 126, 137, 139) },
  }),
  fc.record({ startsAfterMs, kind: fc.constant('unhealthy' as const), afterMs: seconds(5, 60) }),
  fc.record({ startsAfterMs, kind: fc.constant('refused-by-load-balancer' as const) }),
  fc.record({ startsAfterMs, kind: fc.constant('pull-trouble' as const) }),
)

const hopelessTask: Arbitrary<NewTask> = fc.oneof(
  { weight: 4, arbitrary: failingTask },
  {
    weight: 1,
    arbitrary: fc.record({
      startsAfterMs,
      kind: fc.constantFrom('unpullable' as const, 'never-starts' as const),
    }),
  },
)

const first = fc.array(fc.oneof(failingTask, healthyTask), { maxLength: 5 })

const reads: Arbitrary<Reads> = fc.record({
  listLagMs: fc.constantFrom(0, 5_000, 20_000, 45_000),
  currentLagMs: fc.constantFrom(0, 60_000),
  failing: fc.oneof(
    fc.constant([]),
    fc.uniqueArray(
      fc.record({
        call: fc.nat(40),
        how: fc.constantFrom('throttled' as const, 'reset' as const, 'server-error' as const),
      }),
      { selector: ({ call }) => call, maxLength: 4 },
    ),
  ),
  blindFromMs: fc.constant(undefined),
})

const policy = fc.constantFrom('leave' as const, 'rollback' as const)

const patient = {
  deadlineMs: fc.constant(360 * 60_000),
  maxTaskFailures: fc.integer({ min: 0, max: 4 }),
  cancelAtMs: fc.constant(undefined),
  updateAnswerLost: fc.oneof(
    { weight: 9, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  onPause: fc.constantFrom('wait' as const, 'continue' as const),
  onFailure: policy,
  onTimeout: policy,
}

const deadlineMs = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(10, 15, 20) },
    { weight: 1, arbitrary: fc.constantFrom(1, 2, 5) },
  )
  .map((minutes) => minutes * 60_000)
const seldom = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: atMs },
)
const hurried = {
  ...{ ...patient, deadlineMs, cancelAtMs: seldom },
  onPause: fc.constantFrom(
    ...(['wait', 'wait', 'wait', 'continue', 'rollback', 'return'] as const),
  ),
}

/** One task is well and stays so; others crash late, more often than would end the wait alone. */
const accompanied: Arbitrary<History> = fc
  .record({
    service: services('passing').map((setup) => ({
      ...{ ...setup, desiredCount: 2, maximumPercent: 200, staged: undefined },
      ...{ breaker: undefined, loadBalancer: undefined },
      ...{ alarms: undefined, earlySuccess: undefined },
    })),
    tasks: fc.record({
      first: fc
        .tuple(
          fc.record({
            startsAfterMs,
            kind: fc.constant('healthy' as const),
            healthyAfterMs: seconds(1, 20),
          }),
          fc.array(
            fc.record({
              ...{ startsAfterMs, kind: fc.constant('crashes' as const) },
              ...{ afterMs: seconds(12, 27), exitCode: fc.constant(1) },
            }),
            { minLength: 2, maxLength: 6 },
          ),
        )
        .map(([companion, crashing]) => [companion, ...crashing]),
      then: healthyTask,
    }),
    disturbances: fc.constant([]),
    reads,
    run: fc.record(patient),
  })
  .map(legalise)
  .filter((history) => tellTruth(history).outcomes.size === 1)

/** Releases that are well, in services where other things go on. */
const harmlessHistories: Arbitrary<History> = fc
  .record({
    service: services('passing'),
    tasks: fc.record({ first, then: healthyTask }),
    disturbances: fc.array(harmless(1), { maxLength: 4 }),
    reads,
    run: fc.record(patient),
  })
  .map((history) => withinLimits(legalise(history)))
  .filter((history) => !isBlocked(history, lastDesiredCount(history)))

/** What ends `deployed`, and nothing else. */
export const benignHistories: Arbitrary<History> = fc.oneof(
  { weight: 9, arbitrary: harmlessHistories },
  { weight: 1, arbitrary: accompanied },
)

/** Fewer failures than anybody ends a deployment for. */
function withinLimits(history: History): History {
  const { breaker, alarms, desiredCount } = history.service
  const limits = desiredCounts(history)
    .concat(desiredCount)
    .map((count) => (breaker === undefined ? Infinity : threshold(breaker, count)))
  const own = breaker === undefined && alarms === undefined && history.run.maxTaskFailures
  const limit = Math.min(...limits, own === false || own === 0 ? Infinity : own)
  let failed = 0
  const disturbances = history.disturbances.filter(
    (one) => one.kind !== 'fail-targets' || (failed += one.tasks) < limit,
  )
  failed = targetFailures({ ...history, disturbances }).count
  const few = history.tasks.first.filter((task) => !fails(task) || (failed += 1) < limit)
  return { ...history, disturbances, tasks: { ...history.tasks, first: few } }
}

/** Anything that may happen. */
export const anyHistories: Arbitrary<History> = fc
  .record({
    service: services('any'),
    tasks: fc.record({ first, then: fc.oneof(healthyTask, hopelessTask) }),
    disturbances: fc.array(fc.oneof(harmless(0), hostile), { maxLength: 3 }),
    reads: fc.tuple(reads, seldom).map(([lags, fromMs]) => ({ ...lags, blindFromMs: fromMs })),
    run: fc.record(hurried),
  })
  .map(legalise)

/** Releases that are well, until the alarm of their service goes off in the middle. */
const alarmedHistories: Arbitrary<History> = fc
  .record({
    service: fc
      .tuple(services('any'), alarms)
      .map(([setup, watching]) => ({ ...setup, alarms: { ...watching, inAlarmBefore: false } })),
    tasks: fc.record({ first, then: healthyTask }),
    disturbances: fc
      .tuple(fc.array(harmless(1), { maxLength: 2 }), goesOff)
      .map(([others, alarm]) => [...others, alarm]),
    reads,
    run: fc.record(hurried),
  })
  .map((history) => withinLimits(legalise(history)))

/** Rollouts that cannot truthfully be called a success. */
export const failingHistories: Arbitrary<History> = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({
          service: services('any').map((setup) => ({
            ...setup,
            desiredCount: Math.max(1, setup.desiredCount),
          })),
          tasks: fc.record({ first, then: hopelessTask }),
          disturbances: fc.array(
            fc.oneof({ weight: 3, arbitrary: harmless(1) }, { weight: 1, arbitrary: hostile }),
            { maxLength: 3 },
          ),
          reads,
          run: fc.record(hurried),
        })
        .map(legalise),
    },
    { weight: 1, arbitrary: anyHistories },
    { weight: 1, arbitrary: alarmedHistories },
  )
  .filter((history) => !mayBeGreen(history))

function mayBeGreen(history: History): boolean {
  const { outcomes } = tellTruth(history)
  return outcomes.has('deployed') || outcomes.has('paused')
}
