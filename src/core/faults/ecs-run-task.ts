import type { AwsFailure } from '../errors/aws-failure.ts'
import { oneLine, type EcsFault } from './ecs-fault.ts'

/** ECS's refusals of RunTask: its texts, and what to write instead. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /No Container Instances were found/i,
    'Give the launch type that the cluster has: `run-task-launch-type: FARGATE`, or register container instances.',
  ],
  [
    /Network Configuration must be provided/i,
    'Set `run-task-subnets` (and `run-task-security-groups`): the network mode is awsvpc.',
  ],
  [
    /Override for container named/i,
    'Correct the names in `run-task-container-overrides`: they must be containers of the task definition.',
  ],
  [
    /does not support launch_type|launchType|capacity provider/i,
    'Correct `run-task-launch-type` or `run-task-capacity-provider-strategy`; the task definition must be compatible with it.',
  ],
  [
    /subnet|security group/i,
    'Correct `run-task-subnets` and `run-task-security-groups`: they must be of one VPC in this region.',
  ],
]

const refusals = [
  ...['ClientException', 'InvalidParameterException', 'ConflictException'],
  ...['PlatformUnknownException', 'PlatformTaskDefinitionIncompatibilityException'],
  ...['UnsupportedFeatureException'],
]

/** What RunTask is refused with; before the rows about services, which mean UpdateService. */
export const runTaskFaults: readonly EcsFault[] = [
  {
    matches: ({ operation, code }: AwsFailure) =>
      operation === 'RunTask' && refusals.includes(code),
    code: 'task-refused',
    message: (failure, where) => `ECS refuses to run ${where}: ${oneLine(failure)}`,
    remedy: ({ message }) =>
      remedies.find(([pattern]) => pattern.test(message))?.[1] ??
      'Correct what ECS names; no task was started.',
  },
]
