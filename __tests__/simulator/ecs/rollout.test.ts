import { describe, expect, it } from '@jest/globals'

import { textOf } from '../../../simulator/wire/json.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { look } from './deploys.ts'
import { arnOf, member, stage, type Stage, withoutIds } from './stage.ts'

const update = (changes: JsonObject): [string, JsonObject] => [
  'UpdateService',
  { cluster: 'main', service: 'web', ...changes },
]

const targetGroupArn =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef'
const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 80 }]
const healthCheck = { command: ['CMD-SHELL', 'true'] }

describe('ECS-8 the first deployment', () => {
  it('ECS-8 goes from IN_PROGRESS to COMPLETED and its record from PENDING to SUCCESSFUL', async () => {
    const set = await stage()
    const taskDefinition = await set.register()
    await set.ask('CreateService', {
      ...{ cluster: 'main', serviceName: 'web', taskDefinition, desiredCount: 2 },
    })
    const seen: string[] = []
    for (let second = 0; second < 60; second += 1) {
      const [record] = await set.records()
      const line = `${(await look(set)).join()} ${JSON.stringify(record?.['status'])}`
      if (seen.at(-1) !== line) seen.push(line)
      set.seconds(1)
    }
    expect(seen).toEqual([
      'PRIMARY IN_PROGRESS web:1 0/2 "PENDING"',
      'PRIMARY IN_PROGRESS web:1 0/2 "IN_PROGRESS"',
      'PRIMARY IN_PROGRESS web:1 2/2 "IN_PROGRESS"',
      'PRIMARY COMPLETED web:1 2/2 "SUCCESSFUL"',
    ])
    expect((await set.events()).map(withoutIds)).toEqual([
      '(service web) has started 2 tasks: (task T) (task T).',
      '(service web) (deployment ecs-svc/N) deployment completed.',
      '(service web) has reached a steady state.',
    ])
  })

  it('ECS-8 ties deployment, revision, record and tasks together by one number', async () => {
    const set = await stage()
    await set.running()
    const [deployment] = await set.deployments()
    const [record] = await set.records()
    const number = /^ecs-svc\/(\d{19})$/.exec(textOf(deployment?.['id']) ?? '')?.[1]
    const revisionArn = arnOf(`service-revision/main/web/${number ?? ''}`)
    expect(member(record, 'targetServiceRevision')).toEqual({
      ...{ arn: revisionArn, requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 },
    })
    expect(record?.['serviceDeploymentArn']).toMatch(
      new RegExp(`^${arnOf('service-deployment/main/web/')}[\\w-]{21}$`),
    )
    expect(deployment?.['rolloutStateReason']).toBe(
      `ECS deployment ecs-svc/${number ?? ''} completed.`,
    )
    const tasks = await set.tasks({ serviceName: 'web' })
    expect(tasks.map((task) => [task['startedBy'], task['group']])).toEqual([
      [deployment?.['id'], 'service:web'],
      [deployment?.['id'], 'service:web'],
    ])
  })
})

describe('ECS-9 a rolling update', () => {
  it('ECS-9 keeps the minimum and the maximum at every moment, and ends with one deployment', async () => {
    const set = await stage()
    await set.running({
      desiredCount: 4,
      deploymentConfiguration: { minimumHealthyPercent: 75, maximumPercent: 125 },
    })
    const taskDefinition = await set.register()
    await set.ask(...update({ taskDefinition }))
    for (let second = 0; second < 600; second += 1) {
      set.seconds(1)
      const active = (await set.tasks({ serviceName: 'web' })).length
      expect(active).toBeGreaterThanOrEqual(3)
      expect(active).toBeLessThanOrEqual(5)
    }
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 4/4'])
    expect((await set.records()).map((record) => record['status'])).toEqual([
      'SUCCESSFUL',
      'SUCCESSFUL',
    ])
  })

  it('ECS-9 half an hour of it passes in less than 50 ms', async () => {
    const set = await stage()
    await set.running({ desiredCount: 10 })
    await set.ask(...update({ taskDefinition: await set.register() }))
    const startedAt = performance.now()
    set.seconds(1_800)
    expect(performance.now() - startedAt).toBeLessThan(50)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 10/10'])
  })

  it('ECS-19 says so, once, when the percentages leave no room', async () => {
    const set = await stage()
    await set.running({ desiredCount: 1, deploymentConfiguration: { maximumPercent: 150 } })
    await set.ask(...update({ taskDefinition: await set.register() }))
    set.seconds(600)
    expect(await look(set)).toEqual(['PRIMARY IN_PROGRESS web:2 0/1', 'ACTIVE COMPLETED web:1 1/1'])
    const told = (await set.events()).filter((event) =>
      event.includes('was unable to stop or start'),
    )
    expect(told).toEqual([
      '(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    ])
  })
})

describe('ECS-10 when a task is healthy', () => {
  const replacedAfter = async (set: Stage): Promise<number> => {
    for (let second = 0; second < 300; second += 1) {
      if ((await set.events()).some((event) => event.includes('has stopped 2 running')))
        return second
      set.seconds(1)
    }
    return Infinity
  }

  it('ECS-10 with neither check nor target group: after 40 s RUNNING', async () => {
    const set = await stage()
    await set.running()
    await set.ask(...update({ taskDefinition: await set.register() }))
    expect(await replacedAfter(set)).toBeGreaterThanOrEqual(40)
  })

  it('ECS-10 with a health check: when every checked essential container is HEALTHY', async () => {
    const set = await stage({ 'web:2': { healthyAfterMs: 90_000 } })
    await set.running()
    await set.ask(...update({ taskDefinition: await set.register({}, { healthCheck }) }))
    expect(await replacedAfter(set)).toBeGreaterThanOrEqual(90)
  })

  it('ECS-10 a task that turns UNHEALTHY is replaced, and the events say why', async () => {
    const set = await stage()
    await set.running()
    set.driver.follow({ 'web:2': { unhealthyAfterMs: 5_000, neverHealthy: true } })
    await set.ask(...update({ taskDefinition: await set.register({}, { healthCheck }) }))
    set.seconds(30)
    const events = (await set.events()).map(withoutIds)
    expect(events).toContain('(service web) (task T) failed container health checks.')
    expect(events).toContain(
      '(service web) has started 2 tasks: (task T) (task T). Amazon ECS replaced 2 tasks due to an unhealthy status.',
    )
    const [stopped] = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(stopped).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
      healthStatus: 'UNHEALTHY',
    })
  })
})

describe('ECS-11 behind a load balancer', () => {
  it('ECS-11 old tasks drain for the deregistration delay before they stop', async () => {
    const set = await stage({}, { pace: { deregistrationDelayMs: 60_000 } })
    await set.running({ loadBalancers })
    await set.ask(...update({ taskDefinition: await set.register() }))
    set.seconds(40)
    const draining = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(draining.map((task) => task['lastStatus'])).toEqual(['DEACTIVATING', 'DEACTIVATING'])
    expect(await look(set)).toEqual(['PRIMARY IN_PROGRESS web:2 2/2', 'ACTIVE COMPLETED web:1 0/0'])
    set.seconds(60)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
    expect((await set.events()).map(withoutIds).slice(-7)).toEqual([
      '(service web) has started 2 tasks: (task T) (task T).',
      `(service web) registered 2 targets in (target-group ${targetGroupArn})`,
      '(service web) has stopped 2 running tasks: (task T) (task T).',
      `(service web) deregistered 2 targets in (target-group ${targetGroupArn})`,
      '(service web) has begun draining connections on 2 tasks.',
      '(service web) (deployment ecs-svc/N) deployment completed.',
      '(service web) has reached a steady state.',
    ])
  })

  it('ECS-11 a task whose container ends while it drains is STOPPED at once', async () => {
    const set = await stage({ 'web:1': { exitsAfterMs: 180_000 } })
    await set.running({ loadBalancers })
    await set.ask(...update({ desiredCount: 0 }))
    set.seconds(58)
    const drained = async (): Promise<unknown[]> =>
      (await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })).map(
        (task) => task['lastStatus'],
      )
    expect(await drained()).toEqual(['DEACTIVATING', 'DEACTIVATING'])
    set.seconds(10)
    expect(await drained()).toEqual(['STOPPED', 'STOPPED'])
  })

  it('ECS-11 a bad target is overlooked during the grace period and stopped after it', async () => {
    const set = await stage({
      'web:2': { failsTargetChecks: 'Health checks failed with these codes: [502]' },
    })
    await set.running({ loadBalancers, healthCheckGracePeriodSeconds: 120 })
    await set.ask(...update({ taskDefinition: await set.register() }))
    set.seconds(110)
    expect(await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })).toEqual([])
    set.seconds(30)
    const [stopped] = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(stopped?.['stoppedReason']).toBe(
      `Task failed ELB health checks in (target-group ${targetGroupArn})`,
    )
    expect((await set.events()).map(withoutIds)).toContain(
      `(service web) (task T) (port 80) is unhealthy in (target-group ${targetGroupArn}) due to (reason Health checks failed with these codes: [502]).`,
    )
  })
})

describe('ECS-13 superseding', () => {
  it.each([0, 1, 3, 20, 44])(
    'ECS-13 a deployment that is replaced after %i s is STOPPED, and the newest one stays',
    async (seconds) => {
      const set = await stage()
      await set.running()
      await set.ask(...update({ taskDefinition: await set.register() }))
      set.seconds(seconds)
      await set.ask(...update({ taskDefinition: await set.register() }))
      const [mine] = (await set.records()).slice(1)
      expect(mine?.['status']).toBe('STOP_REQUESTED')
      set.seconds(300)
      expect((await set.records()).map((record) => record['status'])).toEqual([
        'SUCCESSFUL',
        'STOPPED',
        'SUCCESSFUL',
      ])
      expect(await look(set)).toEqual(['PRIMARY COMPLETED web:3 2/2'])
    },
  )
})

describe('ECS-18 the desired count', () => {
  it('ECS-18 of 0 makes a deployment that completes without a task', async () => {
    const set = await stage({ 'web:2': { exitsAfterMs: 1, exitCode: 1 } })
    await set.running()
    await set.ask(...update({ desiredCount: 0, taskDefinition: await set.register() }))
    set.seconds(60)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 0/0'])
    expect((await set.records())[0]?.['status']).toBe('SUCCESSFUL')
  })

  it('ECS-18 may change during a deployment', async () => {
    const set = await stage()
    await set.running()
    await set.ask(...update({ taskDefinition: await set.register() }))
    set.seconds(10)
    await set.ask(...update({ desiredCount: 6 }))
    expect(await set.records()).toHaveLength(2)
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 6/6'])
  })

  it('ECS-18 when lowered, stops tasks in the name of the deployment', async () => {
    const set = await stage()
    await set.running()
    await set.ask(...update({ desiredCount: 1 }))
    set.seconds(10)
    const [stopped] = await set.tasks({ serviceName: 'web', desiredStatus: 'STOPPED' })
    expect(withoutIds(JSON.stringify(stopped?.['stoppedReason']))).toBe(
      '"Scaling activity initiated by (deployment ecs-svc/N)"',
    )
    expect((await set.events()).at(-1)).toBe('(service web) has reached a steady state.')
  })
})

describe('ECS-20 eventual consistency', () => {
  it('ECS-20 a new service deployment is listed, and current, only after a while', async () => {
    const set = await stage({}, { pace: { listLagMs: 20_000, currentLagMs: 8_000 } })
    await set.running()
    const old = (await set.records())[0]?.['serviceDeploymentArn']
    await set.ask(...update({ taskDefinition: await set.register() }))
    set.seconds(7)
    expect((await set.service())['currentServiceDeployment']).toBe(old)
    set.seconds(2)
    expect((await set.service())['currentServiceDeployment']).not.toBe(old)
    expect(await set.records()).toHaveLength(1)
    set.seconds(12)
    expect(await set.records()).toHaveLength(2)
  })
})
