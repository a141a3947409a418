import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import type { JsonObject } from '../../src/core/json.ts'

/** What a deployer cannot do without, and some more of ECS. */
export const allowed = (...more: readonly string[]): readonly string[] => [
  'iam:PassRole',
  ...['DescribeServices', 'UpdateService', 'RegisterTaskDefinition', 'DescribeTaskDefinition']
    .concat(more)
    .map((action) => `ecs:${action}`),
]
/** A service whose circuit breaker judges. */
export const withBreaker = (rollback: boolean): JsonObject => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
})
/** A container that dies young. */
export const crashing = { exitsAfterMs: 2_000, exitCode: 3, logLines: ['starting', 'no database'] }
/** A task that no retry starts. */
export const unpullable = {
  failsToPull:
    "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
}

/** Somebody else's UpdateService. */
export const supersede = {
  ...{ cluster: 'prod', service: 'web', taskDefinition: 'web:1', forceNewDeployment: true },
}
/** A refusal that passes. */
export const throttled = { code: 'ThrottlingException', httpStatus: 400 }
/** An answer that never came. */
export const reset = { code: 'ECONNRESET', httpStatus: undefined }

/** The failure of a look. */
export function failure(about: {
  readonly code: string
  readonly httpStatus: number | undefined
}): AwsFailure {
  return new AwsFailure({ service: 'ECS', operation: 'DescribeServices', message: 'no', ...about })
}
