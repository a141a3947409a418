import { describe, expect, it } from '@jest/globals'

import { permissionsFor } from '../../../simulator/iam/resource.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

const PLACE = { accountId: '123456789012', region: 'us-east-1' }
const ECS = 'arn:aws:ecs:us-east-1:123456789012'
const ECR = 'arn:aws:ecr:us-east-1:123456789012:repository'
const ROLE = 'arn:aws:iam::123456789012:role/task'
const CLUSTER = { 'ecs:cluster': `${ECS}:cluster/main` }

function asked(service: string, operation: string, input: JsonObject): readonly string[] {
  const permissions = permissionsFor(service, operation, input, PLACE)
  return permissions.map(({ action, resource }) => `${action} ${resource}`)
}

describe('the resource of an operation', () => {
  it.each<[string, JsonObject, string]>([
    ['ListServiceDeployments', { cluster: 'main', service: 'web' }, 'service/main/web'],
    [
      'DescribeServiceDeployments',
      { serviceDeploymentArns: [`${ECS}:service-deployment/main/web/1`] },
      'service-deployment/main/web/1',
    ],
    [
      'StopServiceDeployment',
      { serviceDeploymentArn: `${ECS}:service-deployment/main/web/1` },
      'service-deployment/main/web/1',
    ],
    [
      'DescribeServiceRevisions',
      { serviceRevisionArns: [`${ECS}:service-revision/main/web/1`] },
      'service-revision/main/web/1',
    ],
    ['ListTasks', { cluster: 'main' }, 'container-instance/main/*'],
    ['DescribeTasks', { cluster: 'main', tasks: ['1'] }, 'task/main/1'],
    ['RunTask', { cluster: 'main', taskDefinition: 'web:3' }, 'task-definition/web:3'],
  ])('IAM-5 ecs:%s', (operation, input, resource) => {
    expect(asked('ecs', operation, input)).toEqual([`ecs:${operation} ${ECS}:${resource}`])
  })

  it.each(['DescribeTaskDefinition', 'RegisterTaskDefinition', 'ListTaskDefinitions'])(
    'IAM-5 ecs:%s is of no resource',
    (operation) => {
      expect(asked('ecs', operation, { family: 'web' })).toEqual([`ecs:${operation} *`])
    },
  )

  it.each<[string, JsonObject, readonly string[]]>([
    ['GetAuthorizationToken', {}, ['*']],
    ['DescribeRepositories', {}, [`${ECR}/*`]],
    ['DescribeRepositories', { repositoryNames: ['a', 'b/c'] }, [`${ECR}/a`, `${ECR}/b/c`]],
    ['PutImage', { repositoryName: 'a' }, [`${ECR}/a`]],
    ['TagResource', { resourceArn: `${ECR}/a` }, [`${ECR}/a`]],
    ['GetRegistryScanningConfiguration', {}, ['*']],
    [
      'PutImage',
      { repositoryName: 'a', registryId: '210987654321' },
      ['arn:aws:ecr:us-east-1:210987654321:repository/a'],
    ],
  ])('IAM-5 ecr:%s of %j', (operation, input, resources) => {
    const expected = resources.map((resource) => `ecr:${operation} ${resource}`)
    expect(asked('ecr', operation, input)).toEqual(expected)
  })

  it('IAM-5 logs:GetLogEvents is of the stream', () => {
    const input = { logGroupName: '/ecs/web', logStreamName: 'web/web/1' }
    expect(asked('logs', 'GetLogEvents', input)).toEqual([
      'logs:GetLogEvents arn:aws:logs:us-east-1:123456789012:log-group:/ecs/web:log-stream:web/web/1',
    ])
  })

  it('IAM-5 every one of several resources is asked for', () => {
    const input = { cluster: 'main', services: ['web', 'api'] }
    expect(asked('ecs', 'DescribeServices', input)).toEqual([
      `ecs:DescribeServices ${ECS}:service/main/web`,
      `ecs:DescribeServices ${ECS}:service/main/api`,
    ])
  })
})

describe('what else an operation needs', () => {
  it('IAM-6 tags of something new need ecs:TagResource, with the creating action', () => {
    const input = { family: 'web', tags: [{ key: 'team', value: 'a' }] }
    expect(permissionsFor('ecs', 'RegisterTaskDefinition', input, PLACE)[1]).toEqual({
      action: 'ecs:TagResource',
      resource: `${ECS}:task-definition/web:*`,
      context: {
        'aws:RequestTag/team': 'a',
        'aws:TagKeys': ['team'],
        'ecs:CreateAction': 'RegisterTaskDefinition',
      },
    })
    expect(asked('ecr', 'CreateRepository', { repositoryName: 'a', tags: [{ Key: 'k' }] })).toEqual(
      [`ecr:CreateRepository ${ECR}/a`, `ecr:TagResource ${ECR}/a`],
    )
  })

  it.each<[string, JsonObject, string]>([
    ['RegisterTaskDefinition', { executionRoleArn: ROLE }, 'ecs-tasks.amazonaws.com'],
    ['RunTask', { overrides: { taskRoleArn: ROLE } }, 'ecs-tasks.amazonaws.com'],
    ['CreateService', { role: ROLE }, 'ecs.amazonaws.com'],
    [
      'UpdateService',
      { volumeConfigurations: [{ managedEBSVolume: { roleArn: ROLE } }] },
      'ecs.amazonaws.com',
    ],
  ])('IAM-7 %s passes roles to their service', (operation, input, service) => {
    expect(permissionsFor('ecs', operation, input, PLACE).at(-1)).toEqual({
      action: 'iam:PassRole',
      resource: ROLE,
      context: { 'iam:PassedToService': service },
    })
  })

  it.each<[string, JsonObject]>([
    ['ListTasks', { cluster: 'main' }],
    ['DescribeTasks', { cluster: `${ECS}:cluster/main`, tasks: ['1'] }],
    ['UpdateService', { cluster: 'main', service: 'web' }],
    ['StopServiceDeployment', { serviceDeploymentArn: `${ECS}:service-deployment/main/web/1` }],
  ])('IAM-8 %s says in which cluster', (operation, input) => {
    expect(permissionsFor('ecs', operation, input, PLACE)[0]?.context).toEqual(CLUSTER)
  })
})
