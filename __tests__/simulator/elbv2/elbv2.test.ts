import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { EcsWorld } from '../../support/ecs-world.ts'

const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'
const loadBalancers = [{ targetGroupArn: group, containerName: 'app', containerPort: 80 }]

describe('Elastic Load Balancing', () => {
  let world: EcsWorld
  let client: ElasticLoadBalancingV2Client
  beforeEach(async () => {
    world = await EcsWorld.create({ service: { loadBalancers } })
    client = as()
  })
  afterEach(async () => {
    client.destroy()
    await world.close()
  })

  function as(allow?: readonly string[]): ElasticLoadBalancingV2Client {
    const credentials = world.simulator.iam.addUser({
      name: 'reader',
      ...(allow !== undefined && { allow }),
    })
    const { url: endpoint } = world.simulator
    return new ElasticLoadBalancingV2Client({ endpoint, region: 'us-east-1', credentials })
  }

  async function targets(): Promise<readonly string[]> {
    const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: group }))
    return (answer.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) =>
      [
        ...[String(Target?.Port), TargetHealth?.State, TargetHealth?.Reason],
        TargetHealth?.Description,
      ]
        .filter((part) => part !== undefined)
        .join(' '),
    )
  }

  async function deploy(): Promise<void> {
    await world.call('UpdateService', {
      ...{ cluster: 'prod', service: 'web', forceNewDeployment: true },
    })
  }

  it('ELB-1 ELB-2 has the tasks for its targets, from RUNNING to the end of their draining', async () => {
    expect(await targets()).toEqual(['80 healthy', '80 healthy'])
    await deploy()
    await world.clock.sleep(5_000)
    const initial = '80 initial Elb.InitialHealthChecking Initial health checks in progress'
    expect(await targets()).toEqual(['80 healthy', '80 healthy', initial, initial])
    await world.clock.sleep(15_000)
    const draining =
      '80 draining Target.DeregistrationInProgress Target deregistration is in progress'
    expect(await targets()).toEqual([draining, draining, '80 healthy', '80 healthy'])
    await world.clock.sleep(400_000)
    expect(await targets()).toEqual(['80 healthy', '80 healthy'])
  })

  it.each([
    ['Health checks failed with these codes: [502]', 'Target.ResponseCodeMismatch'],
    ['Request timed out', 'Target.Timeout'],
    ['Health checks failed', 'Target.FailedHealthChecks'],
  ])('ELB-2 tells %s as %s', async (found, code) => {
    world.script({ web: { failsTargetChecks: found } })
    await world.call('UpdateService', {
      ...{ cluster: 'prod', service: 'web', forceNewDeployment: true },
      healthCheckGracePeriodSeconds: 60,
    })
    await world.clock.sleep(10_000)
    expect(await targets()).toContain(`80 unhealthy ${code} ${found}`)
  })

  it('ELB-2 calls a target unused that is asked for and not registered', async () => {
    const all = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: group }))
    const known = all.TargetHealthDescriptions?.[0]?.Target
    const Targets = [
      { Id: known?.Id, Port: 80 },
      { Id: '10.9.9.9', Port: 81 },
    ]
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: group, Targets })
    const { TargetHealthDescriptions: shown } = await client.send(command)
    expect(shown?.map(({ Target, TargetHealth }) => [Target?.Id, TargetHealth])).toEqual([
      [known?.Id, { State: 'healthy' }],
      [
        '10.9.9.9',
        {
          State: 'unused',
          Reason: 'Target.NotRegistered',
          Description: 'Target is not registered to the target group',
        },
      ],
    ])
  })

  it('ELB-3 knows the delay for which old tasks drain', async () => {
    const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group })
    const { Attributes } = await client.send(command)
    expect(Attributes).toContainEqual({
      Key: 'deregistration_delay.timeout_seconds',
      Value: '300',
    })
  })

  it('ELB-4 does not know a group that no service names, and denies without a resource', async () => {
    const other = new DescribeTargetHealthCommand({ TargetGroupArn: `${group}0` })
    await expect(client.send(other)).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
      message: 'One or more target groups not found',
    })
    const denied = as(['ecs:*'])
    const asked = denied.send(new DescribeTargetHealthCommand({ TargetGroupArn: group }))
    await expect(asked).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(
        /is not authorized to perform: elasticloadbalancing:DescribeTargetHealth because no/,
      ),
    })
    denied.destroy()
  })
})
