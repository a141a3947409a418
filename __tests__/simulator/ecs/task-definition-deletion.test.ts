import { describe, expect, it } from '@jest/globals'

import { arnOf, member, objects, stage, type Stage } from './stage.ts'
import { deploy, look, web } from './deploys.ts'

const taskDefinition = 'web:1'
const statusOf = async (set: Stage): Promise<unknown> =>
  member(await set.ask('DescribeTaskDefinition', { taskDefinition }), 'taskDefinition')['status']
const deleted = (set: Stage): Promise<unknown> =>
  set.ask('DeleteTaskDefinitions', { taskDefinitions: [taskDefinition] })

describe('ECS-41 the end of a task definition', () => {
  it('ECS-41 an INACTIVE revision is described and listed, and cannot be used', async () => {
    const set = await stage()
    await set.register()
    await set.ask('DeregisterTaskDefinition', { taskDefinition })
    expect(await statusOf(set)).toBe('INACTIVE')
    const listed = await set.ask('ListTaskDefinitions', { status: 'INACTIVE' })
    expect(listed['taskDefinitionArns']).toEqual([arnOf('task-definition/web:1')])
    const input = { cluster: 'main', serviceName: 'web', taskDefinition }
    for (const [operation, refused] of [
      ['CreateService', input],
      ['RunTask', { cluster: 'main', taskDefinition }],
    ] as const) {
      expect(await set.refusal(operation, refused)).toContain('TaskDefinition is inactive')
    }
  })

  it('ECS-41 a service whose revision was deregistered still replaces its tasks', async () => {
    const set = await stage()
    await set.running()
    await set.ask('DeregisterTaskDefinition', { taskDefinition })
    set.ecs.disturb({ kind: 'stop-tasks', ...web })
    await set.ask('UpdateService', { ...web, desiredCount: 3 })
    set.seconds(60)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 3/3'])
    expect(await set.refusal('UpdateService', { ...web, forceNewDeployment: true })).toBe(
      'InvalidParameterException: TaskDefinition is inactive',
    )
  })

  it('ECS-41 deregistering takes a revision, not a family', async () => {
    const set = await stage()
    await set.register()
    const refusal = (reference: string): Promise<string> =>
      set.refusal('DeregisterTaskDefinition', { taskDefinition: reference })
    expect(await refusal('web')).toBe('ClientException: Revision is missing.')
    expect(await refusal('web:latest')).toBe(
      'InvalidParameterException: Invalid revision number. Number: latest',
    )
  })

  it('ECS-41 only INACTIVE revisions are deleted; others are failures, ten at most', async () => {
    const set = await stage()
    await set.register()
    const answer = await set.ask('DeleteTaskDefinitions', {
      taskDefinitions: ['web:1', 'web:7', 'web'],
    })
    expect(objects(answer['failures'])).toEqual([
      {
        arn: arnOf('task-definition/web:1'),
        reason:
          'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
      },
      {
        arn: 'web:7',
        reason:
          'The specified task definition does not exist. Specify a valid account, family, revision and try again.',
      },
      {
        arn: expect.any(String),
        reason:
          'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.',
      },
    ])
    const many = Array.from({ length: 11 }, () => taskDefinition)
    expect(await set.refusal('DeleteTaskDefinitions', { taskDefinitions: many })).toMatch(
      /^InvalidParameterException: /,
    )
  })

  it('ECS-41 DELETE_IN_PROGRESS lasts as long as a service runs it; its number is not given again', async () => {
    const set = await stage()
    await set.running()
    await set.ask('DeregisterTaskDefinition', { taskDefinition })
    expect(await deleted(set)).toMatchObject({
      taskDefinitions: [{ status: 'DELETE_IN_PROGRESS', revision: 1 }],
    })
    set.seconds(3_600)
    expect(await statusOf(set)).toBe('DELETE_IN_PROGRESS')
    await deploy(set)
    set.seconds(300)
    expect(await set.refusal('DescribeTaskDefinition', { taskDefinition })).toBe(
      'ClientException: Unable to describe task definition.',
    )
    expect(await set.register()).toBe(arnOf('task-definition/web:3'))
  })
})
