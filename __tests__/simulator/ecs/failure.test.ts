import { describe, expect, it } from '@jest/globals'

import { textOf } from '../../../simulator/wire/json.ts'
import type { Json, JsonObject } from '../../../simulator/wire/service.ts'

import { deploy, history } from './deploys.ts'
import { member, objects, stage, type Stage, withoutIds } from './stage.ts'

const breaker = (changes: JsonObject = {}): { deploymentConfiguration: JsonObject } => ({
  deploymentConfiguration: {
    deploymentCircuitBreaker: { enable: true, rollback: true, ...changes },
  },
})
const crashes = { exitsAfterMs: 2_000, exitCode: 1, logLines: ['cannot find module'] }

/** The newest record's statuses, each once, while `seconds` pass. */
const statuses = (set: Stage, seconds: number): Promise<Json[]> => history(set, 'status', seconds)

describe('ECS-15 the circuit breaker with rollback', () => {
  it('ECS-15 returns to the last completed deployment, and the record says so', async () => {
    const set = await stage({ 'web:2': crashes })
    await set.running(breaker())
    const before = (await set.deployments())[0]
    await deploy(set)
    expect(await statuses(set, 60)).toEqual([
      'PENDING',
      'IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_SUCCESSFUL',
    ])
    const [record] = await set.records()
    expect(record).toMatchObject({
      statusReason:
        'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 4, threshold: 3 },
      rollback: { serviceRevisionArn: objects(record?.['sourceServiceRevisions'])[0]?.['arn'] },
    })
    expect(await set.deployments()).toMatchObject([
      { id: before?.['id'], status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 },
    ])
    expect((await set.service())['taskDefinition']).toBe(before?.['taskDefinition'])
  })

  it('ECS-15 shows the failed deployment as ACTIVE and FAILED while it rolls back', async () => {
    const set = await stage({ 'web:2': crashes })
    await set.running(breaker())
    await deploy(set)
    const mine = (await set.deployments())[0]?.['id']
    set.seconds(20)
    const [primary, failed] = await set.deployments()
    expect(failed).toMatchObject({
      id: mine,
      status: 'ACTIVE',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
    })
    expect(withoutIds(JSON.stringify(primary?.['rolloutStateReason']))).toBe(
      '"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/N."',
    )
    set.seconds(40)
    expect((await set.events()).map(withoutIds).slice(-4)).toEqual([
      '(service web) (deployment ecs-svc/N) deployment failed: tasks failed to start.',
      '(service web) rolling back to deployment ecs-svc/N.',
      '(service web) (deployment ecs-svc/N) deployment completed.',
      '(service web) has reached a steady state.',
    ])
  })

  it('ECS-15 a threshold of COUNT 1 fails at the first task', async () => {
    const set = await stage({ 'web:2': crashes })
    const thresholdConfiguration = { type: 'COUNT', value: 1 }
    await set.running({ desiredCount: 1, ...breaker({ thresholdConfiguration }) })
    await deploy(set)
    set.seconds(60)
    expect(member((await set.records())[0], 'deploymentCircuitBreaker')).toEqual({
      status: 'TRIGGERED',
      failureCount: 1,
      threshold: 1,
    })
  })

  it.each([
    [true, 'SUCCESSFUL'],
    [false, 'ROLLBACK_SUCCESSFUL'],
  ])(
    'ECS-15 with resetOnHealthyTask %s, three failures, a healthy task and two failures end %s',
    async (resetOnHealthyTask, status) => {
      const set = await stage({ 'web:2': crashes })
      const thresholdConfiguration = { type: 'COUNT', value: 4 }
      const { deploymentConfiguration } = breaker({ resetOnHealthyTask, thresholdConfiguration })
      const oneByOne = { minimumHealthyPercent: 50, maximumPercent: 100 }
      await set.running({
        deploymentConfiguration: { ...oneByOne, ...deploymentConfiguration },
      })
      await deploy(set)
      const failures = async (count: number): Promise<void> => {
        for (let second = 0; second < 300; second += 1) {
          const ended = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
          const failed = ended.filter((task) => task['stopCode'] === 'EssentialContainerExited')
          if (failed.length === count) return
          set.seconds(1)
        }
      }
      await failures(3)
      set.driver.follow({})
      set.seconds(10)
      set.driver.follow({ 'web:2': crashes })
      await failures(5)
      set.driver.follow({})
      set.seconds(200)
      expect((await set.records())[0]?.['status']).toBe(status)
    },
  )
})

describe('ECS-16 when there is nothing to roll back to', () => {
  it('ECS-16 without rollback the deployment stays FAILED and PRIMARY, the record is STOPPED', async () => {
    const set = await stage({ 'web:2': crashes })
    await set.running(breaker({ rollback: false }))
    await deploy(set)
    expect(await statuses(set, 60)).toEqual(['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'STOPPED'])
    expect(await set.deployments()).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'FAILED', runningCount: 0 },
      { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 2 },
    ])
    expect(member((await set.records())[0], 'deploymentCircuitBreaker')['status']).toBe('TRIGGERED')
  })

  it('ECS-16 a first deployment that fails has no rollback candidate', async () => {
    const set = await stage({ web: crashes })
    await set.running(breaker())
    expect((await set.records())[0]).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    })
    expect(await set.deployments()).toMatchObject([{ status: 'PRIMARY', rolloutState: 'FAILED' }])
  })

  it('ECS-16 a rollback whose own tasks fail ends ROLLBACK_FAILED', async () => {
    const set = await stage({ 'web:2': crashes })
    await set.running({
      deploymentConfiguration: {
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    })
    set.driver.follow({ web: crashes })
    await deploy(set)
    set.seconds(120)
    expect((await set.records())[0]?.['status']).toBe('ROLLBACK_FAILED')
    expect((await set.deployments()).map((one) => one['rolloutState'])).toEqual([
      'FAILED',
      'FAILED',
    ])
  })

  it('ECS-19 a crash loop of tasks that reached RUNNING is never slowed down', async () => {
    const set = await stage({ 'web:2': crashes })
    await set.running()
    await deploy(set)
    set.seconds(1_800)
    const [primary] = await set.deployments()
    expect(Number(primary?.['failedTasks'])).toBeGreaterThan(500)
    expect((await set.events()).join()).not.toContain('unable to consistently start')
  })

  it('ECS-19 a completed service whose tasks no longer start is slowed down, too', async () => {
    const set = await stage()
    await set.running()
    set.driver.follow({ web: { failsToPull: 'CannotPullContainerError: gone' } })
    const [task] = await set.tasks({ serviceName: 'web' })
    await set.ask('StopTask', { cluster: 'main', task: task?.['taskArn'] ?? '' })
    set.seconds(3_600)
    expect(await set.deployments()).toMatchObject([{ rolloutState: 'COMPLETED', failedTasks: 0 }])
    const failed = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(failed.length).toBeGreaterThan(5)
    expect(failed.length).toBeLessThan(40)
    set.driver.follow({})
    set.seconds(1_800)
    expect(await set.tasks({ serviceName: 'web' })).toHaveLength(2)
  })

  it('ECS-19 without a circuit breaker tasks that never start are tried for ever, ever more slowly', async () => {
    const set = await stage({ 'web:2': { failsToPull: 'CannotPullContainerError: gone' } })
    await set.running()
    await deploy(set)
    set.seconds(3_600)
    expect((await set.records())[0]?.['status']).toBe('IN_PROGRESS')
    const [primary] = await set.deployments()
    expect(Number(primary?.['failedTasks'])).toBeGreaterThan(10)
    expect(Number(primary?.['failedTasks'])).toBeLessThan(40)
    expect(await set.events()).toContain(
      '(service web) is unable to consistently start tasks successfully.',
    )
  })
})

describe('ECS-17 StopServiceDeployment', () => {
  const stop = async (set: Stage): Promise<[string, JsonObject]> => {
    const serviceDeploymentArn = (await set.records())[0]?.['serviceDeploymentArn'] ?? ''
    return ['StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' }]
  }

  it('ECS-17 rolls back, breaker or not', async () => {
    const set = await stage({ 'web:2': crashes })
    await set.running()
    await deploy(set)
    set.seconds(5)
    await set.ask(...(await stop(set)))
    expect(await statuses(set, 60)).toEqual([
      'ROLLBACK_REQUESTED',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_SUCCESSFUL',
    ])
    expect(JSON.stringify((await set.service())['taskDefinition'])).toMatch(/web:1"$/)
  })

  it('ECS-17 refuses one that is over, and one that nobody knows', async () => {
    const set = await stage()
    await set.running()
    expect(await set.refusal(...(await stop(set)))).toMatch(/^ConflictException: /)
    const unknown = { serviceDeploymentArn: 'arn:aws:ecs:x' }
    expect(await set.refusal('StopServiceDeployment', unknown)).toMatch(
      /^ServiceDeploymentNotFoundException: /,
    )
  })

  it('ECS-17 loses the race against a deployment that completes first', async () => {
    const set = await stage({}, { pace: { requestTakesMs: 60_000 } })
    await set.running()
    await deploy(set)
    set.seconds(10)
    await set.ask(...(await stop(set)))
    expect(await statuses(set, 120)).toEqual(['ROLLBACK_REQUESTED', 'SUCCESSFUL'])
  })

  it('ECS-17 a rollback under way can be superseded', async () => {
    const set = await stage({ 'web:2': crashes })
    await set.running()
    await deploy(set)
    set.seconds(5)
    await set.ask(...(await stop(set)))
    set.seconds(4)
    await deploy(set)
    set.seconds(200)
    expect((await set.records()).map((record) => record['status'])).toEqual([
      'SUCCESSFUL',
      'STOPPED',
      'SUCCESSFUL',
    ])
  })
})

describe('ECS-21 stopped tasks', () => {
  it('ECS-21 say when, why and with which exit code they ended', async () => {
    const set = await stage({ 'web:2': { ...crashes, exitReason: 'OutOfMemoryError: killed' } })
    await set.running()
    await deploy(set)
    set.seconds(8)
    const [task] = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      pullStartedAt: expect.any(Number),
      pullStoppedAt: expect.any(Number),
      startedAt: expect.any(Number),
      stoppingAt: expect.any(Number),
      executionStoppedAt: expect.any(Number),
      stoppedAt: expect.any(Number),
      containers: [{ name: 'app', exitCode: 1, reason: 'OutOfMemoryError: killed' }],
    })
    expect(set.ecs.logs(textOf(task?.['taskArn']) ?? '', 'app')).toEqual(['cannot find module'])
  })

  it('ECS-21 a task that cannot be pulled never started, and an event says so', async () => {
    const text = 'CannotPullContainerError: failed to resolve ref web:2: not found'
    const set = await stage({ 'web:2': { failsToPull: text } })
    await set.running()
    await deploy(set)
    set.seconds(8)
    const [task] = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: text })
    expect(task).not.toHaveProperty('startedAt')
    expect(await set.events()).toContain(
      `(service web) was unable to place a task. Reason: ${text}`,
    )
  })

  it('ECS-21 are shown for one hour', async () => {
    const set = await stage()
    await set.running()
    await set.ask('UpdateService', { cluster: 'main', service: 'web', desiredCount: 0 })
    set.seconds(3_590)
    expect(await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })).toHaveLength(2)
    set.seconds(60)
    expect(await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })).toEqual([])
  })
})
