import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld } from '../../support/bundle-world.ts'

const logConfiguration = {
  logDriver: 'awslogs',
  options: {
    'awslogs-group': '/ecs/web',
    'awslogs-region': 'us-east-1',
    'awslogs-stream-prefix': 'web',
  },
}

describe('CloudWatch Logs', () => {
  let world: BundleWorld
  let client: CloudWatchLogsClient
  beforeEach(async () => {
    world = await BundleWorld.create()
    client = new CloudWatchLogsClient({
      endpoint: world.simulator.url,
      region: 'us-east-1',
      credentials: world.simulator.iam.addUser({ name: 'reader' }),
    })
  })
  afterEach(async () => {
    client.destroy()
    await world.close()
  })

  /** Runs a task whose container writes three lines. @returns its id. */
  async function runTask(): Promise<string> {
    await world.call('RegisterTaskDefinition', {
      family: 'talker',
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      containerDefinitions: [
        { name: 'app', image: 'registry.example.com/app:1', memory: 64, logConfiguration },
      ],
    })
    world.script({ 'talker:1': { logLines: ['one', 'two', 'three'] } })
    const answer = await world.call('RunTask', { cluster: 'main', taskDefinition: 'talker' })
    const [task] = answer['tasks'] as { taskArn: string }[]
    await world.pass(60_000)
    return task?.taskArn.split('/').at(-1) ?? ''
  }

  it('LOGS-1 keeps what an awslogs container wrote under prefix/container/task', async () => {
    const id = await runTask()
    const answer = await client.send(
      new GetLogEventsCommand({
        logGroupName: '/ecs/web',
        logStreamName: `web/app/${id}`,
        limit: 2,
      }),
    )
    expect(answer.events?.map((event) => event.message)).toEqual(['two', 'three'])
  })

  it('LOGS-3 goes on from page to page, and at the end gives back the token that was sent', async () => {
    const id = await runTask()
    const read = (nextToken?: string) =>
      client.send(
        new GetLogEventsCommand({
          ...{ logGroupName: '/ecs/web', logStreamName: `web/app/${id}` },
          ...{ startFromHead: true, limit: 2, nextToken },
        }),
      )
    const first = await read()
    const second = await read(first.nextForwardToken)
    const third = await read(second.nextForwardToken)
    const messages = [first, second, third].map(({ events = [] }) => events.map((e) => e.message))
    expect(messages).toEqual([['one', 'two'], ['three'], []])
    expect(third.nextForwardToken).toBe(second.nextForwardToken)
    await expect(read('nonsense')).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  it.each([
    ['/ecs/web', 'The specified log stream does not exist.'],
    ['/ecs/other', 'The specified log group does not exist.'],
  ])('LOGS-2 tells a missing stream of %s from a missing group', async (group, text) => {
    await runTask()
    const asked = client.send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: 'web/app/none' }),
    )
    await expect(asked).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: text,
    })
  })
})
