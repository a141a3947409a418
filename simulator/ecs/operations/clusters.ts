import { objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import { nameOf } from '../arn.ts'
import type { Cluster } from '../model/cluster.ts'
import { pageOf } from '../page.ts'
import { clientError } from '../refusals.ts'

import type { Api } from './api.ts'

function clusterView({ store }: Api, cluster: Cluster, withTags: boolean): JsonObject {
  const services = [...store.services.values()].filter((service) => service.cluster === cluster)
  const tasks = [...services.flatMap(({ runs }) => runs), ...store.standalone]
    .map(({ task }) => task)
    .filter((task) => task.cluster === cluster)
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
    registeredContainerInstancesCount: 0,
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    settings: cluster.settings,
    statistics: [],
    tags: withTags ? cluster.tags : [],
  }
}

function createCluster(api: Api, input: JsonObject): JsonObject {
  const name = stringMember(input, 'clusterName') ?? 'default'
  if (!/^[\w-]{1,255}$/.test(name)) throw clientError('Cluster name contains invalid characters.')
  const cluster = api.store.clusters.get(name) ?? {
    arn: api.arns.cluster(name),
    name,
    settings: [...(objectsMember(input, 'settings') ?? [])],
    tags: [...(objectsMember(input, 'tags') ?? [])],
  }
  api.store.clusters.set(name, cluster)
  return { cluster: clusterView(api, cluster, true) }
}

function describeClusters(api: Api, input: JsonObject): JsonObject {
  const withTags = (stringsMember(input, 'include') ?? []).includes('TAGS')
  const clusters: JsonObject[] = []
  const failures: JsonObject[] = []
  for (const asked of stringsMember(input, 'clusters') ?? ['default']) {
    const cluster = api.store.clusters.get(nameOf(asked))
    if (cluster === undefined) {
      failures.push({ arn: api.arns.cluster(nameOf(asked)), reason: 'MISSING' })
    } else {
      clusters.push(clusterView(api, cluster, withTags))
    }
  }
  return { clusters, failures }
}

function listClusters(api: Api, input: JsonObject): JsonObject {
  const arns = [...api.store.clusters.values()].map(({ arn }) => arn)
  const { items, more } = pageOf(arns, input, { defaultSize: 100 })
  return { clusterArns: [...items], ...more }
}

export function clusterOperations(api: Api): Record<string, Operation> {
  return {
    CreateCluster: (input) => createCluster(api, input),
    ListClusters: (input) => listClusters(api, input),
    DescribeClusters: (input) => describeClusters(api, input),
  }
}
