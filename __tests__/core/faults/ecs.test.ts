import { describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../../src/core/errors/aws-failure.ts'
import { explainEcs } from '../../../src/core/faults/ecs.ts'

const onDefinition = { region: 'eu-west-1', taskDefinition: 'file td.json' }
const onService = { region: 'eu-west-1', cluster: 'prod', service: 'web' }

const failure = (operation: string, code: string, message: string, httpStatus?: number) =>
  new AwsFailure({ service: 'ECS', operation, code, message, httpStatus })
const register = (message: string, code = 'ClientException') =>
  explainEcs(failure('RegisterTaskDefinition', code, message, 400), onDefinition)
const update = (message: string, code = 'InvalidParameterException') =>
  explainEcs(failure('UpdateService', code, message, 400), onService)

describe("ECS's refusals of a task definition", () => {
  it.each([
    ['No Fargate configuration exists for given values.', 'cpu 256 with memory 512'],
    [
      "Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
      'cpu 256 with memory 512',
    ],
    ["Fargate requires that 'cpu' be defined at the task level.", 'at the top level'],
    ["Fargate requires that 'memory' be defined at the task level.", 'at the top level'],
    ["The 'memory' setting for container is greater than for the task.", "Raise the task's memory"],
    [
      'Fargate requires task definition to have execution role ARN to support ECR images.',
      'executionRoleArn',
    ],
    [
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
      'executionRoleArn',
    ],
    [
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
      'executionRoleArn',
    ],
    ['Role is not valid', 'taskRoleArn'],
    ["Actual length: '70000'. Max allowed length is '65536' bytes.", 'SSM parameters'],
    ["Fargate only supports network mode 'awsvpc'.", "'awsvpc'"],
    [
      "Invalid setting for container 'C'. At least one of 'memory' or 'memoryReservation' must be specified.",
      'memoryReservation',
    ],
    ['Container.image should not be null or empty.', '`container-name`'],
    ['Something new about task definitions', 'as ECS says'],
  ])('are explained: %s', (message, remedy) => {
    const error = register(message)
    expect(error.code).toBe('task-definition-refused')
    expect(error.message).toBe(
      `ECS refuses file td.json (eu-west-1): ${message.replace(/\.$/, '')}`,
    )
    expect(error.remedy).toContain(remedy)
  })

  it('for its size come with all sizes that Fargate has', () => {
    const { remedy } = register('No Fargate configuration exists for given values.')
    for (const size of [
      'cpu 256 with memory 512, 1024 or 2048;',
      '4096 with 8192 to 30720 in steps of 1024;',
      '8192 with 16384 to 61440 in steps of 4096;',
      '16384 with 32768 to 122880 in steps of 8192.',
    ]) {
      expect(remedy).toContain(size)
    }
  })

  it('because the family is busy are transient', () => {
    const error = register(
      'Too many concurrent attempts to create a new revision of the specified family.',
    )
    expect(error).toMatchObject({ code: 'throttled', retry: 'backoff' })
  })

  it('for want of iam:PassRole come with the exact statement', () => {
    const error = register(
      'User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/exec because no identity-based policy allows the iam:PassRole action',
      'AccessDeniedException',
    )
    expect(error.code).toBe('access-denied')
    expect(error.remedy).toContain(
      '{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::1:role/exec","Condition":{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}}',
    )
  })

  it('name a revision that does not exist', () => {
    const about = failure(
      'DescribeTaskDefinition',
      'ClientException',
      'Unable to describe task definition.',
      400,
    )
    expect(explainEcs(about, onDefinition).code).toBe('task-definition-not-found')
  })
})

describe("ECS's answers about clusters and services", () => {
  it.each([
    ['cluster-not-found', 'ClusterNotFoundException', 'Cluster not found.'],
    ['service-not-found', 'ServiceNotFoundException', 'Service not found.'],
    ['service-inactive', 'ServiceNotActiveException', 'Service was not ACTIVE.'],
    [
      'service-unsupported',
      'InvalidParameterException',
      'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    ],
    [
      'service-unsupported',
      'InvalidParameterException',
      'Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    ],
    ['update-refused', 'InvalidParameterException', 'TaskDefinition is inactive'],
    [
      'update-refused',
      'PlatformUnknownException',
      'The specified platform version does not exist.',
    ],
    [
      'update-refused',
      'PlatformTaskDefinitionIncompatibilityException',
      'The specified platform version does not satisfy the task definition.',
    ],
    [
      'update-refused',
      'InvalidParameterException',
      'Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions.',
    ],
    [
      'update-refused',
      'InvalidParameterException',
      'The container X did not have a container port 80 defined.',
    ],
    [
      'update-refused',
      'UnsupportedFeatureException',
      'The specified task is not supported in this Region.',
    ],
    ['update-refused', 'NamespaceNotFoundException', 'The specified namespace was not found.'],
    ['update-refused', 'InvalidParameterException', 'Something new about services'],
    ['throttled', 'ThrottlingException', 'Rate exceeded'],
    [
      'credentials-expired',
      'ExpiredTokenException',
      'The security token included in the request is expired',
    ],
    [
      'credentials-invalid',
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
    ['aws-refused', 'BlockedException', 'Your Amazon Web Services account was blocked.'],
  ] as const)('are %s: %s %s', (expected, code, message) => {
    const error = update(message, code)
    expect(error.code).toBe(expected)
    expect(error.message).not.toMatch(/\n|\.$/m)
    expect(error.remedy).toMatch(/\.$/)
    expect(error.cause).toBeInstanceOf(AwsFailure)
  })

  it('for want of a permission name the action and the resource', () => {
    const error = update(
      'User: arn:aws:sts::1:assumed-role/ci/s is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:eu-west-1:1:service/prod/web because no identity-based policy allows the ecs:UpdateService action',
      'AccessDeniedException',
    )
    expect(error.remedy).toContain(
      '{"Effect":"Allow","Action":"ecs:UpdateService","Resource":"arn:aws:ecs:eu-west-1:1:service/prod/web"}',
    )
  })

  it('that were lost or broken are a matter of AWS or the network', () => {
    for (const status of [undefined, 200, 500, 503]) {
      const error = explainEcs(
        failure('DescribeServices', 'ServerException', 'x', status),
        onService,
      )
      expect(error).toMatchObject({ code: 'aws-unavailable', retry: 'backoff' })
    }
  })

  it("keep AWS's own words where nobody knows them, on one line", () => {
    const about = failure('DescribeServices', 'NewException', 'two\nlines', 400)
    expect(explainEcs(about, onService).message).toBe(
      'ECS refused DescribeServices for service "web" in cluster "prod" (eu-west-1): NewException: two lines',
    )
  })
})
