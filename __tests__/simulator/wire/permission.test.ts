import { describe, expect, it } from '@jest/globals'

import { permissionsFor } from '../../../simulator/iam/resource.ts'
import { matchesWildcard } from '../../../simulator/iam/wildcard.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

const PLACE = { accountId: '123456789012', region: 'us-east-1' }
const ECS = 'arn:aws:ecs:us-east-1:123456789012'
const ROLE = 'arn:aws:iam::123456789012:role/task'

describe('the permission that an operation needs', () => {
  it.each<[string, string, JsonObject, string[]]>([
    [
      'UpdateService',
      'by names',
      { cluster: 'demo', service: 'api' },
      [`ecs:UpdateService ${ECS}:service/demo/api`],
    ],
    [
      'UpdateService',
      'by ARNs',
      { cluster: `${ECS}:cluster/demo`, service: `${ECS}:service/demo/api` },
      [`ecs:UpdateService ${ECS}:service/demo/api`],
    ],
    [
      'DescribeServices',
      'in the default cluster',
      { services: ['api'] },
      [`ecs:DescribeServices ${ECS}:service/default/api`],
    ],
    ['DescribeClusters', 'by default', {}, [`ecs:DescribeClusters ${ECS}:cluster/default`]],
    [
      'ListTasks',
      'of everything',
      { cluster: 'demo' },
      [`ecs:ListTasks ${ECS}:container-instance/demo/*`],
    ],
    [
      'RegisterTaskDefinition',
      'with a role twice',
      { family: 'api', taskRoleArn: ROLE, executionRoleArn: ROLE },
      ['ecs:RegisterTaskDefinition *', `iam:PassRole ${ROLE}`],
    ],
  ])('WIRE-5 %s %s', (operation, _how, input, expected) => {
    const permissions = permissionsFor('ecs', operation, input, PLACE)
    expect(permissions.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected)
  })
})

describe('IAM’s wildcards', () => {
  it.each([
    ['ecr:*', 'ecr:PutImage', true],
    ['ecr:Put????e', 'ecr:PutImage', true],
    ['ecr.PutImage', 'ecr:PutImage', false],
    ['ecr:Put', 'ecr:PutImage', false],
    ['*', 'anything\nat all', true],
  ])('WIRE-5 %s against %j: %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected)
  })
})
