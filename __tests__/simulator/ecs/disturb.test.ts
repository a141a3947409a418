import { describe, expect, it } from '@jest/globals'

import type { CapacityFailure } from '../../../simulator/ecs/disturbance.ts'

import { deploy, look, stopped, web } from './deploys.ts'
import { stage, type Stage, withoutIds } from './stage.ts'

const breaker = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
}
const loadBalancers = [
  {
    targetGroupArn:
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef',
    containerName: 'app',
    containerPort: 80,
  },
]

const status = async (set: Stage): Promise<unknown> => (await set.records())[0]?.['status']

describe('ECS-29 autoscaling', () => {
  it('ECS-29 changes the desired count in mid-deploy and makes no deployment', async () => {
    const set = await stage()
    await set.running()
    await deploy(set)
    set.seconds(10)
    const cause = 'monitor alarm cpu-high in state ALARM triggered policy cpu'
    set.ecs.disturb({ kind: 'scale', ...web, desiredCount: 6, cause })
    expect((await set.events()).at(-1)).toBe(
      `Message: Successfully set desired count to 6. Change successfully fulfilled by ecs. Cause: ${cause}`,
    )
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 6/6'])
    expect(await set.records()).toHaveLength(2)
  })
})

describe('ECS-30 Availability Zone rebalancing', () => {
  it('ECS-30 starts a task in another zone, then stops one, in the words of ECS', async () => {
    const set = await stage()
    await set.running()
    const before = (await set.events()).length
    set.ecs.disturb({ kind: 'rebalance', ...web })
    set.seconds(60)
    const zone = (letter: string): string => `eu-west-1${letter}`
    expect((await set.events()).slice(before).map(withoutIds)).toEqual([
      `(service web) is not AZ balanced with 1 tasks in ${zone('a')}, 1 in ${zone('b')}, and 0 in ${zone('c')}. AZ Rebalancing in progress.`,
      `(service web) has started 1 tasks in ${zone('c')} to AZ Rebalance: (task T).`,
      `(service web) has stopped 1 running tasks in ${zone('a')} due to AZ rebalancing: (task T).`,
      `(service web) is AZ balanced with 0 tasks in ${zone('a')}, 1 tasks in ${zone('b')}, and 1 tasks in ${zone('c')}.`,
      '(service web) has reached a steady state.',
    ])
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
    expect((await stopped(set))[0]).toMatchObject({ stopCode: 'ServiceSchedulerInitiated' })
  })

  it.each([0, 5, 30, 44])('ECS-30 %i s into a deployment does it no harm', async (seconds) => {
    const set = await stage()
    await set.running(breaker)
    await deploy(set)
    set.seconds(seconds)
    set.ecs.disturb({ kind: 'rebalance', ...web })
    set.seconds(300)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
    expect((await set.records())[0]).toMatchObject({
      status: 'SUCCESSFUL',
      deploymentCircuitBreaker: { failureCount: 0 },
    })
  })

  it('ECS-30 needs a healthy task to move', async () => {
    const set = await stage()
    await set.running({ desiredCount: 0 })
    expect(() => set.ecs.disturb({ kind: 'rebalance', ...web })).toThrow(/no healthy task/)
  })
})

describe('ECS-31 capacity', () => {
  it.each<[CapacityFailure, string]>([
    [
      'fargate-capacity',
      'was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    ],
    [
      'container-instances',
      'was unable to place a task because no container instance met all of its requirements. The closest matching container-instance has insufficient CPU units available.',
    ],
    [
      'vcpu-limit',
      'was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
    ],
  ])('ECS-31 %s holds a deployment up and then lets it go on', async (failure, text) => {
    const set = await stage()
    await set.running(breaker)
    set.ecs.disturb({ kind: 'lose-capacity', ...web, failure, forMs: 150_000 })
    await deploy(set)
    set.seconds(149)
    expect(await look(set)).toEqual(['PRIMARY IN_PROGRESS web:2 0/2', 'ACTIVE COMPLETED web:1 2/2'])
    const told = (await set.events()).filter((event) => event === `(service web) ${text}`)
    expect(told).toHaveLength(3)
    set.seconds(100)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
    expect((await set.records())[0]).toMatchObject({
      deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE', failureCount: 0 },
    })
  })
})

describe('ECS-32 tasks that others stop', () => {
  it.each([
    ['interrupt-spot', 'SpotInterruption', 'Your Spot Task was interrupted.'],
    ['stop-tasks', 'UserInitiated', 'Task stopped by user'],
  ] as const)('ECS-32 %s: they are replaced and are no failure', async (kind, code, reason) => {
    const set = await stage()
    await set.running(breaker)
    await deploy(set)
    set.seconds(20)
    set.ecs.disturb({ kind, ...web, tasks: 4 })
    const [task] = await stopped(set)
    expect(task).toMatchObject({ stopCode: code, stoppedReason: reason })
    set.seconds(200)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:2 2/2'])
    expect((await set.records())[0]).toMatchObject({
      status: 'SUCCESSFUL',
      deploymentCircuitBreaker: { failureCount: 0 },
    })
  })

  it('ECS-32 fail-targets: the load balancer turns against running tasks', async () => {
    const set = await stage({}, { pace: { deregistrationDelayMs: 10_000 } })
    await set.running({ loadBalancers })
    const reason = 'Health checks failed with these codes: [502]'
    set.ecs.disturb({ kind: 'fail-targets', ...web, reason })
    set.seconds(5)
    expect((await stopped(set))[0]?.['stoppedReason']).toMatch(/^Task failed ELB health checks in/)
    expect((await set.events()).join()).toContain(`due to (reason ${reason})`)
    set.seconds(60)
    expect(await look(set)).toEqual(['PRIMARY COMPLETED web:1 2/2'])
  })

  it('ECS-32 fail-targets needs a target group', async () => {
    const set = await stage()
    await set.running()
    expect(() => set.ecs.disturb({ kind: 'fail-targets', ...web, reason: 'x' })).toThrow(
      'service web has no target group',
    )
  })

  it('ECS-32 delete-service: a deployment of a service that goes is STOPPED', async () => {
    const set = await stage()
    await set.running()
    await deploy(set)
    set.seconds(10)
    set.ecs.disturb({ kind: 'delete-service', ...web })
    expect((await set.service())['status']).toBe('DRAINING')
    set.seconds(60)
    expect((await set.service())['status']).toBe('INACTIVE')
    expect(await status(set)).toBe('STOPPED')
    expect(await set.refusal('UpdateService', { ...web, desiredCount: 1 })).toBe(
      'ServiceNotActiveException: Service was not ACTIVE.',
    )
    expect(() => set.ecs.disturb({ kind: 'rebalance', ...web })).toThrow('Service was not ACTIVE.')
  })

  it('ECS-32 a service that is not there is refused', async () => {
    const { ecs } = await stage()
    const gone = { cluster: 'main', service: 'gone' }
    expect(() => ecs.disturb({ kind: 'scale', ...gone, desiredCount: 1 })).toThrow(
      'Service not found.',
    )
  })
})
