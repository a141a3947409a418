import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type DesiredStatus,
  type Task,
} from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { advance } from '../../simulator/control/control.ts'
import { clientOptions } from './account.ts'
import { openEcrAccount, type EcrAccount } from './ecr/account.ts'
import { imageOf } from './ecr/image.ts'

const arm64 = imageOf('linux/arm64')

let account: EcrAccount
let ecs: ECSClient
beforeEach(async () => {
  account = await openEcrAccount()
  ecs = new ECSClient(clientOptions(account.simulator, account.administrator))
  await account.docker.push('shop/api', arm64, 'v1')
  await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }))
})
afterEach(() => account.simulator.close())

/** Rolls a service out and gives its first task, two minutes later. */
async function taskOf(
  tag: string,
  architecture: 'ARM64' | 'X86_64',
  desiredStatus: DesiredStatus,
): Promise<Task | undefined> {
  const { registry } = account.simulator.ecr
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'api',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      runtimePlatform: { cpuArchitecture: architecture, operatingSystemFamily: 'LINUX' },
      containerDefinitions: [{ name: 'api', image: `${registry.host}/shop/api:${tag}` }],
    }),
  )
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'demo',
      serviceName: 'api',
      taskDefinition: 'api',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
    }),
  )
  await advance(account.clock, 120_000)
  const listed = await ecs.send(
    new ListTasksCommand({ cluster: 'demo', serviceName: 'api', desiredStatus }),
  )
  const { tasks } = await ecs.send(
    new DescribeTasksCommand({ cluster: 'demo', tasks: listed.taskArns }),
  )
  return tasks?.[0]
}

describe('ECS and ECR together', () => {
  it('ECR-21 runs the very image that was pushed', async () => {
    const task = await taskOf('v1', 'ARM64', 'RUNNING')
    expect(task?.containers?.[0]).toMatchObject({
      lastStatus: 'RUNNING',
      imageDigest: arm64.digest,
    })
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'demo', services: ['api'] }),
    )
    expect(services?.[0]?.runningCount).toBe(1)
  })

  it.each([
    ['a tag that is not there', 'v2', 'ARM64', /^CannotPullContainerError: pull image manifest/],
    [
      'an image for another platform',
      'v1',
      'X86_64',
      /^CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux\/amd64'/,
    ],
  ] as const)('ECR-21 stops a task with %s', async (_case, tag, architecture, reason) => {
    const task = await taskOf(tag, architecture, 'STOPPED')
    expect(task?.stoppedReason).toMatch(reason)
  })
})
