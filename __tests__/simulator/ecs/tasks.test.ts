import { describe, expect, it } from '@jest/globals'

import { behaviourVariable } from '../../../simulator/ecs/drivers/behaviour.ts'
import type { ImageResolver } from '../../../simulator/ecs/image-resolver.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { arnOf, objects, stage, type Stage } from './stage.ts'

const digest = `sha256:${'a'.repeat(64)}`
const other = `sha256:${'b'.repeat(64)}`

const registry: ImageResolver = {
  resolve: (image) => {
    if (image === 'web:gone') {
      return Promise.reject(new Error('CannotPullContainerError: web:gone: not found'))
    }
    return Promise.resolve({ digest, platforms: ['linux/amd64'] })
  },
}

async function create(set: Stage, image: string, changes: JsonObject = {}): Promise<void> {
  await set.register(changes, { image })
  await set.ask('CreateService', {
    ...{ cluster: 'main', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 },
  })
  set.seconds(20)
}

async function containerImages(set: Stage): Promise<unknown> {
  const [summary] = objects((await set.service())['currentServiceRevisions'])
  const answer = await set.ask('DescribeServiceRevisions', {
    serviceRevisionArns: [summary?.['arn'] ?? ''],
  })
  return objects(answer['serviceRevisions'])[0]?.['containerImages']
}

describe('ECS-22 images', () => {
  it('ECS-22 a tag is resolved once, for the revision and its tasks', async () => {
    const set = await stage({}, { images: registry })
    await create(set, 'web:1')
    expect(await containerImages(set)).toEqual([
      { containerName: 'app', image: 'web:1', imageDigest: digest },
    ])
    const [task] = await set.tasks({ serviceName: 'web' })
    expect(objects(task?.['containers'])[0]?.['imageDigest']).toBe(digest)
  })

  it('ECS-22 without a resolver only the reference itself can tell', async () => {
    const set = await stage()
    await create(set, `web:1@${other}`)
    expect(await containerImages(set)).toEqual([
      { containerName: 'app', image: `web:1@${other}`, imageDigest: other },
    ])
  })

  it.each([
    ['web:gone', {}, 'CannotPullContainerError: web:gone: not found'],
    [
      'web:1',
      { runtimePlatform: { cpuArchitecture: 'ARM64' } },
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
    ],
  ])('ECS-22 %s with %j stops its tasks: %s', async (image, changes, reason) => {
    const set = await stage({}, { images: registry })
    await create(set, image, changes)
    const [task] = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason })
  })
})

describe('ECS-23 RunTask, StopTask and the lists', () => {
  const inMain = (input: JsonObject): JsonObject => ({ cluster: 'main', ...input })

  it('ECS-23 a task that ends by itself keeps its exit code', async () => {
    const set = await stage({ web: { exitsAfterMs: 5_000, exitCode: 3 } })
    await set.register()
    const input = inMain({ taskDefinition: 'web', startedBy: 'migration', count: 2 })
    const answer = await set.ask('RunTask', input)
    expect(objects(answer['tasks']).map((task) => task['lastStatus'])).toEqual([
      'PROVISIONING',
      'PROVISIONING',
    ])
    set.seconds(30)
    const ended = await set.tasks({ family: 'web', desiredStatus: 'STOPPED' })
    expect(ended).toMatchObject([
      { group: 'family:web', startedBy: 'migration', containers: [{ exitCode: 3 }] },
      { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
    ])
  })

  it('ECS-48 RunTask with a token that it knows starts nothing and tells the task as it is now', async () => {
    const set = await stage({ web: { exitsAfterMs: 5_000 } })
    await set.register()
    const input = inMain({ taskDefinition: 'web', clientToken: 'once' })
    const [first] = objects((await set.ask('RunTask', input))['tasks'])
    set.seconds(30)
    const [again] = objects((await set.ask('RunTask', input))['tasks'])
    expect(again).toMatchObject({ taskArn: first?.['taskArn'], lastStatus: 'STOPPED' })
    expect(await set.tasks({ family: 'web', desiredStatus: 'STOPPED' })).toHaveLength(1)
    expect(await set.refusal('RunTask', { ...input, count: 2 })).toMatch(/^ConflictException: /)
    await set.ask('RunTask', { ...input, clientToken: 'twice' })
    expect(await set.tasks({ family: 'web' })).toHaveLength(1)
  })

  it('ECS-53 the environment of an override is laid over the own', async () => {
    const set = await stage()
    const own = { name: behaviourVariable, value: '{"exitsAfterMs":1000,"exitCode":1}' }
    const over = { name: behaviourVariable, value: '{"exitsAfterMs":1000,"exitCode":7}' }
    await set.register({}, { environment: [own] })
    const overrides = { containerOverrides: [{ name: 'app', environment: [over] }] }
    await set.ask('RunTask', inMain({ taskDefinition: 'web', overrides }))
    set.seconds(30)
    const ended = await set.tasks({ family: 'web', desiredStatus: 'STOPPED' })
    expect(ended).toMatchObject([{ containers: [{ exitCode: 7 }] }])
  })

  it('ECS-23 StopTask is UserInitiated, and a service starts another task', async () => {
    const set = await stage()
    await set.running()
    const [task] = await set.tasks({ serviceName: 'web' })
    await set.ask('StopTask', inMain({ task: task?.['taskArn'] ?? '', reason: 'a test' }))
    set.seconds(10)
    const [stopped] = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(stopped).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'a test' })
    expect(await set.tasks({ serviceName: 'web' })).toHaveLength(2)
  })

  it.each([
    ['ClientException: Task count must be between 1 and 10.', { count: 11 }],
    [
      'InvalidParameterException: Override for container named nope is not a container in the TaskDefinition.',
      { overrides: { containerOverrides: [{ name: 'nope' }] } },
    ],
    ['ClientException: TaskDefinition not found.', { taskDefinition: 'nope' }],
  ])('ECS-23 RunTask refuses: %s', async (text, changes) => {
    const set = await stage()
    await set.register()
    const input = inMain({ taskDefinition: 'web', ...changes })
    expect(await set.refusal('RunTask', input)).toBe(text)
  })

  it('ECS-23 DescribeTasks names a task that is missing; StopTask refuses it', async () => {
    const set = await stage()
    expect(await set.ask('DescribeTasks', inMain({ tasks: ['0123'] }))).toEqual({
      tasks: [],
      failures: [{ arn: arnOf('task/main/0123'), reason: 'MISSING' }],
    })
    expect(await set.refusal('StopTask', inMain({ task: '0123' }))).toBe(
      'InvalidParameterException: The referenced task was not found.',
    )
  })

  it('ECS-23 startedBy is a filter of its own', async () => {
    const set = await stage()
    const both = inMain({ startedBy: 'ecs-svc/1', serviceName: 'web' })
    expect(await set.refusal('ListTasks', both)).toMatch(/^InvalidParameterException: /)
  })

  it.each([
    ['{"exitsAfterMs":1000,"exitCode":7,"logLines":["bye"]}', { containers: [{ exitCode: 7 }] }],
    ['{"exitCode":"7"}', { stopCode: 'TaskFailedToStart' }],
    ['{', { stopCode: 'TaskFailedToStart' }],
  ])('ECS-23 a container’s environment can carry its behaviour: %s', async (value, ended) => {
    const set = await stage({ web: { exitsAfterMs: 1, exitCode: 99 } })
    await set.register({}, { environment: [{ name: behaviourVariable, value }] })
    await set.ask('RunTask', inMain({ taskDefinition: 'web' }))
    set.seconds(30)
    expect(await set.tasks({ family: 'web', desiredStatus: 'STOPPED' })).toMatchObject([ended])
  })
})
