import type { AwsFailure } from '../errors/aws-failure.ts'
import { describeFargateSizes } from '../task-definition/fargate-size.ts'
import { oneLine, type EcsFault } from './ecs-fault.ts'

/** ECS's refusals of a task definition: its texts, and what to write instead. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /No Fargate configuration exists for given values|Invalid 'cpu' setting for task/,
    `Give a pair that Fargate has: ${describeFargateSizes()}.`,
  ],
  [
    /Fargate requires that '(cpu|memory)' be defined at the task level/,
    'Set cpu and memory at the top level of the task definition, as strings.',
  ],
  [
    /'memory' setting for container is greater than for the task/,
    "Raise the task's memory, or lower the containers': their sum must fit.",
  ],
  [
    /requires task definition to have execution role ARN|must also specify a value for 'executionRoleArn'/,
    'Set executionRoleArn to a role that may pull the image, write logs and read the secrets.',
  ],
  [
    /Role is not valid/,
    'Correct taskRoleArn and executionRoleArn: they must be ARNs of roles in this account.',
  ],
  [
    /Max allowed length is '65536' bytes/,
    'Shorten the task definition: move environment values to SSM parameters or an environment file in S3.',
  ],
  [/only supports network mode/, "Set networkMode to 'awsvpc'."],
  [
    /At least one of 'memory' or 'memoryReservation' must be specified/,
    'Set memory or memoryReservation of the container, or memory of the task.',
  ],
  [
    /Container\.image should not be null or empty/,
    'Set image for every container; `container-name` names those that get the one of this run.',
  ],
]

/** ECS asks to try again: another job registers a revision of the same family. */
export function isFamilyBusy(failure: AwsFailure): boolean {
  return /Too many concurrent attempts to create a new revision/.test(failure.message)
}

export const taskDefinitionFaults: readonly EcsFault[] = [
  {
    matches: isFamilyBusy,
    code: 'throttled',
    message: (_failure, where) => `too many jobs register revisions of the family of ${where}`,
    remedy: () => 'Run the job again; let one job at a time deploy this family.',
  },
  ...remedies.map(([pattern, remedy]): EcsFault => ({
    matches: (failure) => pattern.test(failure.message),
    code: 'task-definition-refused',
    message: (failure, where) => `ECS refuses ${where}: ${oneLine(failure)}`,
    remedy: () => remedy,
  })),
  {
    matches: (failure) =>
      failure.operation === 'DescribeTaskDefinition' &&
      /Unable to describe task definition/.test(failure.message),
    code: 'task-definition-not-found',
    message: (failure, where) => `${where} does not exist: ${oneLine(failure)}`,
    remedy: () => 'Correct the family or revision; revisions that were deleted cannot be read.',
  },
  {
    matches: (failure) =>
      failure.operation === 'RegisterTaskDefinition' &&
      ['ClientException', 'InvalidParameterException', 'SerializationException'].includes(
        failure.code,
      ),
    code: 'task-definition-refused',
    message: (failure, where) => `ECS refuses ${where}: ${oneLine(failure)}`,
    remedy: () => 'Correct the task definition as ECS says.',
  },
]
