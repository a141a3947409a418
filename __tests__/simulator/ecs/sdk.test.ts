import {
  ContinueServiceDeploymentCommand,
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { createEcs, type Ecs } from '../../../simulator/ecs/ecs.ts'
import { ScriptedDriver } from '../../../simulator/ecs/drivers/scripted-driver.ts'

import { account } from './stage.ts'
import { serve, type Loopback } from './loopback.ts'

let clock: VirtualClock
let ecs: Ecs
let loopback: Loopback
let client: ECSClient

beforeEach(async () => {
  clock = new VirtualClock()
  ecs = createEcs({ clock, driver: new ScriptedDriver(clock), ...account })
  loopback = await serve(ecs)
  client = new ECSClient({
    endpoint: loopback.url,
    region: account.region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  })
})

afterEach(async () => {
  client.destroy()
  await loopback.close()
  await ecs.close()
})

const containerDefinitions = [{ name: 'app', image: 'web:1', memory: 128 }]

describe('ECS-26 to the unmodified SDK', () => {
  it('ECS-26 answers a whole deployment in the SDK’s own types', async () => {
    await client.send(new CreateClusterCommand({ clusterName: 'main' }))
    const registration = { family: 'web', containerDefinitions }
    await client.send(new RegisterTaskDefinitionCommand(registration))
    const service = { cluster: 'main', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 }
    await client.send(new CreateServiceCommand(service))
    clock.advance(120_000)
    const second = await client.send(new RegisterTaskDefinitionCommand(registration))
    const taskDefinition = second.taskDefinition?.taskDefinitionArn
    const updated = await client.send(
      new UpdateServiceCommand({ cluster: 'main', service: 'web', taskDefinition }),
    )
    const number = updated.service?.deployments?.[0]?.id?.replace('ecs-svc/', '')
    clock.advance(120_000)
    const listed = await client.send(
      new ListServiceDeploymentsCommand({ cluster: 'main', service: 'web' }),
    )
    const mine = listed.serviceDeployments?.find((one) =>
      one.targetServiceRevisionArn?.endsWith(`/${number ?? ''}`),
    )
    const described = await client.send(
      new DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [mine?.serviceDeploymentArn ?? ''],
      }),
    )
    const [deployment] = described.serviceDeployments ?? []
    expect(deployment?.status).toBe('SUCCESSFUL')
    expect(deployment?.createdAt).toEqual(new Date(Date.UTC(2026, 0, 1) + 120_000))
    expect(deployment?.targetServiceRevision?.runningTaskCount).toBe(1)
  })

  it('ECS-26 goes with a paused blue/green deployment from stage to stage', async () => {
    await client.send(new CreateClusterCommand({ clusterName: 'main' }))
    await client.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions }))
    const service = { cluster: 'main', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 }
    const deploymentConfiguration = {
      strategy: 'BLUE_GREEN' as const,
      bakeTimeInMinutes: 0,
      lifecycleHooks: [
        { targetType: 'PAUSE' as const, lifecycleStages: ['PRE_SCALE_UP' as const] },
      ],
    }
    await client.send(new CreateServiceCommand({ ...service, deploymentConfiguration }))
    clock.advance(10_000)
    const listed = await client.send(
      new ListServiceDeploymentsCommand({ cluster: 'main', service: 'web' }),
    )
    const [{ serviceDeploymentArn = '' } = {}] = listed.serviceDeployments ?? []
    const question = new DescribeServiceDeploymentsCommand({
      serviceDeploymentArns: [serviceDeploymentArn],
    })
    const [paused] = (await client.send(question)).serviceDeployments ?? []
    const [hook] = paused?.lifecycleHookDetails ?? []
    expect([paused?.lifecycleStage, hook?.status]).toEqual(['PRE_SCALE_UP', 'AWAITING_ACTION'])
    expect(hook?.expiresAt).toBeInstanceOf(Date)
    const refused = new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: 'other' })
    await expect(client.send(refused)).rejects.toBeInstanceOf(InvalidParameterException)
    await client.send(
      new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: hook?.hookId ?? '' }),
    )
    clock.advance(300_000)
    const [done] = (await client.send(question)).serviceDeployments ?? []
    expect(done?.status).toBe('SUCCESSFUL')
    expect(done?.targetServiceRevision?.requestedProductionTrafficWeight).toBe(100)
  })

  it('ECS-26 refuses with errors that the SDK knows by name', async () => {
    const asked = client.send(new DescribeServicesCommand({ cluster: 'gone', services: ['web'] }))
    await expect(asked).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
      $metadata: { httpStatusCode: 400 },
    })
  })
})
