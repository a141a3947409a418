import { objectMember, objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { containerDefinitions } from '../model/task-definition.ts'
import { clientError } from '../refusals.ts'

import { checkContainers } from './container-rules.ts'
import { checkFargateSize, memoryMiB } from './fargate-sizes.ts'

const familyName = /^[\w-]{1,255}$/
const maximumBytes = 65_536
const ecrHost = /^\d{12}\.dkr[.-]ecr\./

/** Members that DescribeTaskDefinition answers and RegisterTaskDefinition does not take. */
const responseOnly = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
]

function logDriver(container: JsonObject): string | undefined {
  return stringMember(objectMember(container, 'logConfiguration') ?? {}, 'logDriver')
}

function checkExecutionRole(input: JsonObject, fargate: boolean): void {
  const role = stringMember(input, 'executionRoleArn')
  if (role !== undefined) {
    if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(role)) throw clientError('Role is not valid')
    return
  }
  const containers = containerDefinitions(input)
  if (containers.some((container) => (objectsMember(container, 'secrets') ?? []).length > 0)) {
    throw clientError(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    )
  }
  const needs = 'Fargate requires task definition to have execution role ARN to support'
  if (!fargate) return
  if (containers.some((container) => ecrHost.test(stringMember(container, 'image') ?? ''))) {
    throw clientError(`${needs} ECR images.`)
  }
  if (containers.some((container) => logDriver(container) === 'awslogs')) {
    throw clientError(`${needs} log driver awslogs.`)
  }
}

function checkFargate(input: JsonObject): void {
  if (stringMember(input, 'networkMode') !== 'awsvpc') {
    throw clientError("Fargate only supports network mode 'awsvpc'.")
  }
  checkFargateSize(stringMember(input, 'cpu'), stringMember(input, 'memory'))
}

/** Refuses what RegisterTaskDefinition refuses. Members it does not know pass untouched. */
export function checkTaskDefinition(input: JsonObject): void {
  const described = responseOnly.find((member) => member in input)
  if (described !== undefined) throw clientError(`Unexpected key '${described}' found in params`)
  const family = stringMember(input, 'family') ?? ''
  if (family === '') throw clientError('Family should not be null or empty.')
  if (!familyName.test(family)) throw clientError('Family contains invalid characters.')
  const bytes = Buffer.byteLength(JSON.stringify(input))
  if (bytes > maximumBytes) {
    throw clientError(`Actual length: '${bytes}'. Max allowed length is '${maximumBytes}' bytes.`)
  }
  const fargate = (stringsMember(input, 'requiresCompatibilities') ?? []).includes('FARGATE')
  if (fargate) checkFargate(input)
  const memory = stringMember(input, 'memory')
  checkContainers(containerDefinitions(input), memory === undefined ? undefined : memoryMiB(memory))
  checkExecutionRole(input, fargate)
}
