import {
  ContinueServiceDeploymentCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
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

import type { JsonObject } from '../../core/json.ts'
import type { Ecs } from '../../ports/ecs.ts'
import { callAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'
import { wireJson } from './wire-json.ts'

/** Reads may be sent again and again: three attempts die of one throttled second (measured). */
const readAttempts = 8

/** What a command is made with so that it type-checks; on the wire goes the raw input instead. */
const placeholder = {
  service: '',
  clusters: [],
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
type Operation = (input: JsonObject) => Promise<JsonObject>
/** Makes an operation of the way in which its command is sent. */
type ToOperation = (name: string, send: (input: Placeholder) => Promise<unknown>) => Operation

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
  const operation: ToOperation = (name, send) => (input) => {
    const own = { ...placeholder }
    return callAws('ECS', name, () => wire.exchange(own, input, () => send(own)))
  }
  return { ...readsOver(reads, operation), ...writesOver(writes, operation) }
}

function writesOver(client: ECSClient, operation: ToOperation) {
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

function readsOver(client: ECSClient, operation: ToOperation) {
  return {
    describeClusters: operation('DescribeClusters', (input) =>
      client.send(new DescribeClustersCommand(input)),
    ),
    listClusters: operation('ListClusters', (input) => client.send(new ListClustersCommand(input))),
    listTaskDefinitions: operation('ListTaskDefinitions', (input) =>
      client.send(new ListTaskDefinitionsCommand(input)),
    ),
    describeServices: operation('DescribeServices', (input) =>
      client.send(new DescribeServicesCommand(input)),
    ),
    describeTaskDefinition: operation('DescribeTaskDefinition', (input) =>
      client.send(new DescribeTaskDefinitionCommand(input)),
    ),
    listServiceDeployments: operation('ListServiceDeployments', (input) =>
      client.send(new ListServiceDeploymentsCommand(input)),
    ),
    describeServiceDeployments: operation('DescribeServiceDeployments', (input) =>
      client.send(new DescribeServiceDeploymentsCommand(input)),
    ),
    describeServiceRevisions: operation('DescribeServiceRevisions', (input) =>
      client.send(new DescribeServiceRevisionsCommand(input)),
    ),
    listTasks: operation('ListTasks', (input) => client.send(new ListTasksCommand(input))),
    describeTasks: operation('DescribeTasks', (input) =>
      client.send(new DescribeTasksCommand(input)),
    ),
  }
}
