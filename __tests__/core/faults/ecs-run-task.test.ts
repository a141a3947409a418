import { describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../../src/core/errors/aws-failure.ts'
import { explainEcs } from '../../../src/core/faults/ecs.ts'

const place = {
  ...{ region: 'eu-west-1', cluster: 'prod' },
  taskDefinition: 'a task of web:1 in cluster "prod"',
}

function explain(operation: string, code: string, message: string) {
  return explainEcs(
    new AwsFailure({ service: 'ECS', operation, code, message, httpStatus: 400 }),
    place,
  )
}

describe('what RunTask is refused with', () => {
  it.each([
    ['No Container Instances were found in your cluster.', /run-task-launch-type: FARGATE/],
    [
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      /run-task-subnets/,
    ],
    [
      'Override for container named job is not a container in the TaskDefinition.',
      /run-task-container-overrides/,
    ],
    ['Task definition does not support launch_type FARGATE.', /run-task-launch-type/],
    ["The subnet ID 'subnet-1' does not exist", /run-task-subnets/],
    ['TaskDefinition is inactive', /no task was started/],
  ])('%s', (text, remedy) => {
    const error = explain('RunTask', 'InvalidParameterException', text)
    expect(error.code).toBe('task-refused')
    expect(error.message).toContain('a task of web:1 in cluster "prod" (eu-west-1)')
    expect(error.remedy).toMatch(remedy)
  })

  it('is not mistaken for what other calls are refused with', () => {
    const text = 'TaskDefinition is inactive'
    expect(explain('UpdateService', 'ClientException', text).code).toBe('update-refused')
    const platform = explain('RunTask', 'PlatformUnknownException', 'no such platform version')
    expect(platform.code).toBe('task-refused')
  })
})
