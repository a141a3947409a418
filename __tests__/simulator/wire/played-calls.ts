import { Readable } from 'node:stream'

import type { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { advance } from '../../../simulator/control/control.ts'
import { trustAccount } from '../../../simulator/iam/trust-policy.ts'
import type { Services } from '../../../simulator/services.ts'
import { parseJson } from '../../../simulator/wire/json.ts'
import { objectsMember, stringMember, stringsMember } from '../../../simulator/wire/members.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'
import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import { imageOf } from '../ecr/image.ts'

/** A call that was made, and what the simulator answered on the wire. */
export interface PlayedCall {
  readonly service: string
  readonly operation: string
  readonly output: JsonObject
}

/** Makes calls of every service in the order of a deploy, and keeps the answers. */
export async function playEverything(
  services: Services,
  clock: VirtualClock,
): Promise<readonly PlayedCall[]> {
  const played: PlayedCall[] = []
  const key = services.iam.addUser({ name: 'player' })
  const call = async (
    service: 'ecs' | 'ecr' | 'sts' | 'logs',
    operation: string,
    input: Readonly<Record<string, unknown>> = {},
  ): Promise<JsonObject> => {
    const perform = services[service].operations[operation as never] as
      Services['ecs']['operations'][string] | undefined
    if (perform === undefined) throw new TypeError(`no operation ${service}:${operation}`)
    const { arn, accountId } = key.principal
    const caller = { accessKeyId: key.accessKeyId, accountId, arn, region: 'us-east-1' }
    const sent = parseJson(JSON.stringify(input)) as JsonObject
    const output = await perform(sent, { caller, requestId: 'played' })
    played.push({ service, operation, output: parseJson(JSON.stringify(output)) as JsonObject })
    return output
  }
  await playEcr(call, services.ecr.registry)
  await playEcs(call, clock)
  const role = services.iam.addRole({ name: 'deployer', trustPolicy: trustAccount('123456789012') })
  await call('sts', 'GetCallerIdentity')
  await call('sts', 'AssumeRole', { RoleArn: role.arn, RoleSessionName: 'played' })
  return played
}

type Call = (
  service: 'ecs' | 'ecr' | 'sts' | 'logs',
  operation: string,
  input?: Readonly<Record<string, unknown>>,
) => Promise<JsonObject>

async function playEcr(call: Call, registry: Services['ecr']['registry']): Promise<void> {
  const repositoryName = 'shop/api'
  await call('ecr', 'GetAuthorizationToken')
  await call('ecr', 'CreateRepository', { repositoryName, tags: [{ Key: 'a', Value: 'b' }] })
  await call('ecr', 'DescribeRepositories')
  const image = imageOf('linux/amd64')
  const repository = registry.repository(repositoryName)
  for (const blob of image.blobs) {
    const upload = await registry.beginUpload(repository)
    await upload.append(Readable.from([blob]))
    await registry.finishUpload(upload)
  }
  const imageManifestMediaType = image.mediaType
  const put = { repositoryName, imageManifest: image.text, imageManifestMediaType, imageTag: 'v1' }
  await call('ecr', 'PutImage', put)
  const imageIds = [{ imageTag: 'v1' }, { imageTag: 'nothing' }]
  await call('ecr', 'BatchGetImage', { repositoryName, imageIds })
  await call('ecr', 'DescribeImages', { repositoryName })
  await call('ecr', 'ListImages', { repositoryName })
  const layerDigest = digestOf(image.blobs[0] ?? '')
  const layerDigests = [layerDigest, digestOf('nothing')]
  await call('ecr', 'BatchCheckLayerAvailability', { repositoryName, layerDigests })
  await call('ecr', 'GetDownloadUrlForLayer', { repositoryName, layerDigest })
  await call('ecr', 'DescribeRepositoryCreationTemplates')
  await call('ecr', 'BatchDeleteImage', { repositoryName, imageIds })
}

async function playEcs(call: Call, clock: VirtualClock): Promise<void> {
  const cluster = 'main'
  await call('ecs', 'CreateCluster', { clusterName: cluster })
  await call('ecs', 'DescribeClusters', { clusters: [cluster, 'nothing'] })
  const containerDefinitions = [
    {
      ...{ name: 'web', image: 'registry.example.com/web:1', essential: true, memory: 128 },
      environment: [{ name: 'SIMULATOR_BEHAVIOUR', value: '{"logLines": ["up"]}' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/ecs/web',
          'awslogs-region': 'us-east-1',
          'awslogs-stream-prefix': 'web',
        },
      },
    },
  ]
  await call('ecs', 'RegisterTaskDefinition', {
    ...{ family: 'web', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
    ...{ cpu: '256', memory: '512', executionRoleArn: 'arn:aws:iam::123456789012:role/execution' },
    ...{ containerDefinitions, tags: [{ key: 'a', value: 'b' }] },
  })
  await call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'web', include: ['TAGS'] })
  await call('ecs', 'ListTaskDefinitions')
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } }
  await call('ecs', 'CreateService', {
    ...{ cluster, serviceName: 'web', taskDefinition: 'web', desiredCount: 2 },
    ...{ launchType: 'FARGATE', networkConfiguration },
  })
  await advance(clock, 300_000)
  await call('ecs', 'UpdateService', { cluster, service: 'web', forceNewDeployment: true })
  await advance(clock, 20_000)
  await playReads(call, cluster)
  await advance(clock, 300_000)
  const listed = await call('ecs', 'ListTasks', { cluster, serviceName: 'web' })
  const [task = ''] = stringsMember(listed, 'taskArns') ?? []
  await call('ecs', 'DescribeTasks', { cluster, tasks: [task, 'nothing'] })
  await call('ecs', 'RunTask', {
    ...{ cluster, taskDefinition: 'web', launchType: 'FARGATE', networkConfiguration },
  })
  await call('logs', 'GetLogEvents', {
    logGroupName: '/ecs/web',
    logStreamName: `web/web/${task.slice(task.lastIndexOf('/') + 1)}`,
  })
  await call('ecs', 'StopTask', { cluster, task, reason: 'enough' })
  await call('ecs', 'UpdateService', { cluster, service: 'web', desiredCount: 0 })
  await call('ecs', 'DeleteService', { cluster, service: 'web', force: true })
  await call('ecs', 'DeregisterTaskDefinition', { taskDefinition: 'web:1' })
}

/** Everything that can be read in the midst of a deployment, which is then stopped. */
async function playReads(call: Call, cluster: string): Promise<void> {
  await call('ecs', 'DescribeServices', {
    cluster,
    services: ['web', 'nothing'],
    include: ['TAGS'],
  })
  const listed = await call('ecs', 'ListServiceDeployments', { cluster, service: 'web' })
  const brief = objectsMember(listed, 'serviceDeployments') ?? []
  const serviceDeploymentArns = brief.map((each) => stringMember(each, 'serviceDeploymentArn'))
  await call('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns })
  const revisions = brief.map((each) => stringMember(each, 'targetServiceRevisionArn'))
  await call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns: revisions })
  const resourceArn = 'arn:aws:ecs:us-east-1:123456789012:service/main/web'
  await call('ecs', 'TagResource', { resourceArn, tags: [{ key: 'a', value: 'b' }] })
  await call('ecs', 'ListTagsForResource', { resourceArn })
  await call('ecs', 'UntagResource', { resourceArn, tagKeys: ['a'] })
  await call('ecs', 'ListServices', { cluster })
  await call('ecs', 'ListClusters')
  await call('ecs', 'ListTaskDefinitionFamilies')
  const [serviceDeploymentArn] = serviceDeploymentArns
  await call('ecs', 'StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' })
}
