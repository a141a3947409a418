import {
  ContinueServiceDeploymentCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-ecs'

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Ecs, Read } from '../../ports/ecs.ts'
import { callAws, readAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'
import { wireJson } from './wire-json.ts'

/** Reads may be sent again and again: three attempts die of one throttled second (measured). */
const readAttempts = 8

/** What a command is made with so that it type-checks; on the wire goes the raw input instead. */
const placeholder = {
  service: '',
  services: [],
  taskDefinition: '',
  family: '',
  containerDefinitions: [],
  serviceDeploymentArn: '',
  hookId: '',
  serviceDeploymentArns: [],
  serviceRevisionArns: [],
  tasks: [],
  nextToken: '',
}

type Placeholder = typeof placeholder
type Write = (input: JsonObject) => Promise<JsonObject>
/** Makes an operation of the way in which its command is sent. */
type ToWrite = (name: string, send: (input: Placeholder) => Promise<unknown>) => Write
type ToRead = (
  name: string,
  send: (input: Placeholder, options: { readonly abortSignal?: AbortSignal }) => Promise<unknown>,
) => Read

/**
 * Amazon ECS through its SDK: commands for signing, endpoints and retries; raw JSON in and out.
 * Reads are retried. RegisterTaskDefinition and UpdateService have no idempotency token and are
 * sent once: a retry inside the SDK made three revisions of one call (measured).
 */
export function createEcs(settings: AwsClientSettings): Ecs {
  const wire = wireJson<ServiceInputTypes, ServiceOutputTypes>()
  const reads = new ECSClient(clientConfiguration(settings, readAttempts))
  const writes = new ECSClient(clientConfiguration(settings, 1))
  reads.middlewareStack.use(wire.plugin)
  writes.middlewareStack.use(wire.plugin)
  const read: ToRead = (name, send) => (input, limit) => {
    const own = { ...placeholder }
    const options =
      limit === undefined ? {} : { abortSignal: AbortSignal.timeout(Math.ceil(limit.withinMs)) }
    return readAws('ECS', name, async () => {
      const answer = await wire.exchange(own, input, () => send(own, options))
      if (answer !== undefined) return answer
      const code = 'EmptyAnswer'
      const message = 'the answer is empty'
      throw new AwsFailure({ service: 'ECS', operation: name, code, message, httpStatus: 200 })
    })
  }
  const write: ToWrite = (name, send) => async (input) => {
    const own = { ...placeholder }
    const answer = await callAws('ECS', name, () => wire.exchange(own, input, () => send(own)))
    return answer ?? {}
  }
  return { ...readsOver(reads, read), ...writesOver(writes, write) }
}

function writesOver(client: ECSClient, operation: ToWrite) {
  return {
    runTask: operation('RunTask', (input) => client.send(new RunTaskCommand(input))),
    registerTaskDefinition: operation('RegisterTaskDefinition', (input) =>
      client.send(new RegisterTaskDefinitionCommand(input)),
    ),
    deregisterTaskDefinition: operation('DeregisterTaskDefinition', (input) =>
      client.send(new DeregisterTaskDefinitionCommand(input)),
    ),
    updateService: operation('UpdateService', (input) =>
      client.send(new UpdateServiceCommand(input)),
    ),
    stopServiceDeployment: operation('StopServiceDeployment', (input) =>
      client.send(new StopServiceDeploymentCommand(input)),
    ),
    continueServiceDeployment: operation('ContinueServiceDeployment', (input) =>
      client.send(new ContinueServiceDeploymentCommand(input)),
    ),
  }
}

function readsOver(client: ECSClient, operation: ToRead) {
  return {
    listClusters: operation('ListClusters', (input, options) =>
      client.send(new ListClustersCommand(input), options),
    ),
    listTaskDefinitions: operation('ListTaskDefinitions', (input, options) =>
      client.send(new ListTaskDefinitionsCommand(input), options),
    ),
    describeServices: operation('DescribeServices', (input, options) =>
      client.send(new DescribeServicesCommand(input), options),
    ),
    describeTaskDefinition: operation('DescribeTaskDefinition', (input, options) =>
      client.send(new DescribeTaskDefinitionCommand(input), options),
    ),
    listServiceDeployments: operation('ListServiceDeployments', (input, options) =>
      client.send(new ListServiceDeploymentsCommand(input), options),
    ),
    describeServiceDeployments: operation('DescribeServiceDeployments', (input, options) =>
      client.send(new DescribeServiceDeploymentsCommand(input), options),
    ),
    describeServiceRevisions: operation('DescribeServiceRevisions', (input, options) =>
      client.send(new DescribeServiceRevisionsCommand(input), options),
    ),
    listTasks: operation('ListTasks', (input, options) =>
      client.send(new ListTasksCommand(input), options),
    ),
    describeTasks: operation('DescribeTasks', (input, options) =>
      client.send(new DescribeTasksCommand(input), options),
    ),
  }
}
