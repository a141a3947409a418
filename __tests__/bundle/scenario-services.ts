import type { ServiceOptions } from '../support/bundle-service.ts'
import { withBreaker } from '../support/rollout-scenarios.ts'

/** A service whose circuit breaker rolls back. */
export const guarded = { service: withBreaker(true) } satisfies ServiceOptions

/** A service that shifts its traffic at once, without a bake. */
export const blueGreen = {
  service: { deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 } },
} satisfies ServiceOptions

const atTestTraffic = {
  lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
  timeoutConfiguration: { timeoutInMinutes: 5, action: 'ROLLBACK' },
}

/** A hook that somebody has to answer. */
export const pauseHook = { targetType: 'PAUSE', ...atTestTraffic }

/** A hook that a function answers. */
export const lambdaHook = {
  targetType: 'AWS_LAMBDA',
  hookTargetArn: 'arn:aws:lambda:us-east-1:123456789012:function:check',
  roleArn: 'arn:aws:iam::123456789012:role/hooks',
  ...atTestTraffic,
}
