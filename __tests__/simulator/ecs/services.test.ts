import { describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../../simulator/wire/service.ts'

import { arnOf, member, objects, stage } from './stage.ts'

const inMain = (input: JsonObject): JsonObject => ({ cluster: 'main', ...input })

describe('ECS-5 CreateService and UpdateService refuse', () => {
  it.each([
    ['ClusterNotFoundException: Cluster not found.', { cluster: 'nowhere' }],
    ['ClientException: TaskDefinition not found.', { taskDefinition: 'web:9' }],
    [
      'InvalidParameterException: The container api did not have a container port 80 defined.',
      { loadBalancers: [{ containerName: 'api', containerPort: 80 }], taskDefinition: 'api' },
    ],
    [
      'InvalidParameterException: The container gone does not exist in the task definition.',
      { loadBalancers: [{ containerName: 'gone', containerPort: 80 }] },
    ],
    [
      "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      { taskDefinition: 'net' },
    ],
    [
      'InvalidParameterException: Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
      { deploymentConfiguration: { maximumPercent: 100 } },
    ],
  ])('ECS-5 %s', async (text, changes) => {
    const { register, refusal } = await stage()
    await register()
    await register({ family: 'api' }, { name: 'api', portMappings: [] })
    await register({ family: 'net', networkMode: 'awsvpc' })
    const input = inMain({ serviceName: 'web', taskDefinition: 'web', ...changes })
    expect(await refusal('CreateService', input)).toBe(text)
  })

  it('ECS-5 a service that exists, and a definition that is inactive', async () => {
    const { ask, register, running, refusal } = await stage()
    await running()
    const again = inMain({ serviceName: 'web', taskDefinition: 'web' })
    expect(await refusal('CreateService', again)).toBe(
      'InvalidParameterException: Creation of service was not idempotent.',
    )
    await register()
    await ask('DeregisterTaskDefinition', { taskDefinition: 'web:2' })
    const update = inMain({ service: 'web', taskDefinition: 'web:2' })
    expect(await refusal('UpdateService', update)).toBe(
      'InvalidParameterException: TaskDefinition is inactive',
    )
    expect(await refusal('UpdateService', inMain({ service: 'gone' }))).toBe(
      'ServiceNotFoundException: Service not found.',
    )
  })
})

describe('ECS-49 a capacity provider strategy', () => {
  it('ECS-49 changes only with a forced deployment', async () => {
    const { ask, running, refusal } = await stage()
    await running()
    const spot = inMain({
      ...{ service: 'web', capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
    })
    expect(await refusal('UpdateService', spot)).toMatch(
      /^InvalidParameterException: When switching from launch type .* you must force a new deployment\.$/,
    )
    await ask('UpdateService', { ...spot, forceNewDeployment: true })
    const same = await ask('UpdateService', spot)
    expect(member(same, 'service')['capacityProviderStrategy']).toEqual([
      { capacityProvider: 'FARGATE_SPOT' },
    ])
    expect(
      await refusal('UpdateService', inMain({ service: 'web', capacityProviderStrategy: [] })),
    ).toMatch(/you must force/)
  })
})

describe('ECS-6 what the simulator does not roll out', () => {
  it.each([
    ['the CODE_DEPLOY deployment controller', { deploymentController: { type: 'CODE_DEPLOY' } }],
    ['the EXTERNAL deployment controller', { deploymentController: { type: 'EXTERNAL' } }],
    ['the DAEMON scheduling strategy', { schedulingStrategy: 'DAEMON' }],
    [
      'lifecycle hooks of rolling deployments',
      {
        deploymentConfiguration: {
          lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'] }],
        },
      },
    ],
  ])('ECS-6 %s is refused by name', async (feature, changes) => {
    const { register, refusal } = await stage()
    await register()
    const input = inMain({ serviceName: 'web', taskDefinition: 'web', ...changes })
    expect(await refusal('CreateService', input)).toContain(
      `UnsupportedFeatureException: The simulator does not model ${feature}.`,
    )
  })

  it.each([
    ['CreateExpressGatewayService', 'Express Mode services'],
    ['CreateTaskSet', 'task sets of the EXTERNAL deployment controller'],
  ])('ECS-6 %s is refused by name', async (operation, feature) => {
    const { refusal } = await stage()
    expect(await refusal(operation, {})).toContain(`The simulator does not model ${feature}.`)
  })

  it('ECS-6 a seeded CODE_DEPLOY service is described, and refuses as ECS does', async () => {
    const { ecs, ask, refusal } = await stage()
    ecs.seedService({
      serviceName: 'blue',
      clusterArn: 'main',
      deploymentController: { type: 'CODE_DEPLOY' },
    })
    const answer = await ask('DescribeServices', inMain({ services: ['blue'] }))
    expect(answer['services']).toMatchObject([
      {
        serviceArn: arnOf('service/main/blue'),
        status: 'ACTIVE',
        deployments: [],
        deploymentController: { type: 'CODE_DEPLOY' },
      },
    ])
    expect(await refusal('UpdateService', inMain({ service: 'blue', taskDefinition: 'x' }))).toBe(
      'InvalidParameterException: Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
    )
    const forced = inMain({ service: 'blue', forceNewDeployment: true })
    expect(await refusal('UpdateService', forced)).toContain(
      'Cannot force a new deployment on services with a CODE_DEPLOY deployment controller.',
    )
  })
})

describe('ECS-7 DescribeServices', () => {
  it('ECS-7 names a service that is missing in failures, with status 200', async () => {
    const { ask } = await stage()
    expect(await ask('DescribeServices', inMain({ services: ['gone'] }))).toEqual({
      services: [],
      failures: [{ arn: arnOf('service/main/gone'), reason: 'MISSING' }],
    })
  })

  it('ECS-7 refuses a cluster that does not exist, and more than ten services', async () => {
    const { refusal } = await stage()
    expect(await refusal('DescribeServices', { cluster: 'gone', services: ['web'] })).toBe(
      'ClusterNotFoundException: Cluster not found.',
    )
    const services = Array.from({ length: 11 }, (_, index) => `web-${index}`)
    expect(await refusal('DescribeServices', inMain({ services }))).toMatch(
      /^InvalidParameterException: /,
    )
  })

  it('ECS-7 takes an ARN at its word when it names another cluster', async () => {
    const { ask, running } = await stage()
    await running()
    await ask('CreateCluster', { clusterName: 'other' })
    const answer = await ask('DescribeServices', {
      cluster: 'other',
      services: [arnOf('service/main/web'), 'web'],
    })
    expect(answer['services']).toMatchObject([{ clusterArn: arnOf('cluster/main') }])
    expect(answer['failures']).toEqual([{ arn: arnOf('service/other/web'), reason: 'MISSING' }])
  })

  it('ECS-7 finds a service by its ARN, and lists it page by page', async () => {
    const { ask, running, register } = await stage()
    await running()
    await register()
    await ask('CreateService', inMain({ serviceName: 'api', taskDefinition: 'web' }))
    const byArn = await ask('DescribeServices', inMain({ services: [arnOf('service/main/web')] }))
    expect(objects(byArn['services'])[0]?.['serviceName']).toBe('web')
    const first = await ask('ListServices', inMain({ maxResults: 1 }))
    const nextToken = first['nextToken'] ?? ''
    const second = await ask('ListServices', inMain({ maxResults: 1, nextToken }))
    expect([first['serviceArns'], second]).toEqual([
      [arnOf('service/main/web')],
      { serviceArns: [arnOf('service/main/api')] },
    ])
  })
})

describe('ECS-12 UpdateService', () => {
  it('ECS-12 to the same definition makes no deployment; forced it does', async () => {
    const { ask, running, deployments } = await stage()
    await running()
    const before = (await deployments())[0]?.['id']
    await ask('UpdateService', inMain({ service: 'web', taskDefinition: 'web:1' }))
    expect((await deployments()).map((one) => one['id'])).toEqual([before])
    const forced = inMain({ service: 'web', forceNewDeployment: true })
    await ask('UpdateService', forced)
    expect((await deployments()).map((one) => one['status'])).toEqual(['PRIMARY', 'ACTIVE'])
  })

  it('ECS-12 keeps what it is not told, inside deploymentConfiguration too', async () => {
    const { ask, running, service } = await stage()
    await running({
      deploymentConfiguration: {
        minimumHealthyPercent: 50,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    })
    const deploymentConfiguration = { maximumPercent: 150 }
    await ask('UpdateService', inMain({ service: 'web', deploymentConfiguration }))
    expect(member(await service(), 'deploymentConfiguration')).toMatchObject({
      minimumHealthyPercent: 50,
      maximumPercent: 150,
      bakeTimeInMinutes: 0,
      deploymentCircuitBreaker: {
        enable: true,
        rollback: true,
        resetOnHealthyTask: true,
        thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
      },
    })
  })

  it('ECS-12 a changed network makes a deployment, a changed tag propagation does not', async () => {
    const { ask, running, deployments } = await stage()
    await running()
    await ask('UpdateService', inMain({ service: 'web', propagateTags: 'SERVICE' }))
    expect(await deployments()).toHaveLength(1)
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } }
    await ask('UpdateService', inMain({ service: 'web', networkConfiguration }))
    expect(await deployments()).toHaveLength(2)
  })
})

describe('ECS-24 DeleteService', () => {
  it('ECS-24 refuses a service that is scaled above 0 unless forced', async () => {
    const { ask, running, refusal, service, seconds } = await stage()
    await running()
    expect(await refusal('DeleteService', inMain({ service: 'web' }))).toBe(
      'InvalidParameterException: The service cannot be stopped while it is scaled above 0.',
    )
    await ask('DeleteService', inMain({ service: 'web', force: true }))
    expect((await service())['status']).toBe('DRAINING')
    seconds(30)
    expect(await service()).toMatchObject({ status: 'INACTIVE', runningCount: 0, deployments: [] })
    expect(await refusal('UpdateService', inMain({ service: 'web' }))).toBe(
      'ServiceNotActiveException: Service was not ACTIVE.',
    )
  })
})

describe('ECS-25 tags', () => {
  it('ECS-25 are set, replaced, listed and removed by ARN', async () => {
    const { ask, running } = await stage()
    await running({ tags: [{ key: 'team', value: 'a' }] })
    const resourceArn = arnOf('service/main/web')
    const tags = [
      { key: 'team', value: 'b' },
      { key: 'tier', value: '1' },
    ]
    await ask('TagResource', { resourceArn, tags })
    expect(await ask('ListTagsForResource', { resourceArn })).toEqual({ tags })
    await ask('UntagResource', { resourceArn, tagKeys: ['team'] })
    expect(await ask('ListTagsForResource', { resourceArn })).toEqual({
      tags: [{ key: 'tier', value: '1' }],
    })
  })
})
