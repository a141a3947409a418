import { epochSeconds, present } from '../../wire/json.ts'
import { objectsMember } from '../../wire/members.ts'
import type { Json, JsonObject } from '../../wire/service.ts'
import { countsByRevision, countTasks, desiredTasks } from '../engine/task-counts.ts'
import type { Deployment } from '../model/deployment.ts'
import type { TaskCounts } from '../model/service-deployment.ts'
import type { Service } from '../model/service.ts'

/** The settings that every deployment carries, too. */
const deploymentSettings = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'platformFamily',
  'networkConfiguration',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
]

/** `members` of `settings`, those that have a value. */
export function pick(settings: JsonObject, members: readonly string[]): JsonObject {
  return present(Object.fromEntries(members.map((name) => [name, settings[name]])))
}

/** Behind a Classic Load Balancer no rollout state is told. */
function hasClassicBalancer(service: Service): boolean {
  return (objectsMember(service.settings, 'loadBalancers') ?? []).some(
    (balancer) => 'loadBalancerName' in balancer,
  )
}

function deploymentView(service: Service, deployment: Deployment): JsonObject {
  const { running, pending } = countTasks(service, deployment.id)
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.revision.taskDefinition.arn,
    desiredCount: desiredTasks(service, deployment),
    pendingCount: pending,
    runningCount: running,
    failedTasks: deployment.failedTasks,
    createdAt: epochSeconds(deployment.createdAtMs),
    updatedAt: epochSeconds(deployment.updatedAtMs),
    ...(!hasClassicBalancer(service) && {
      rolloutState: deployment.rolloutState,
      rolloutStateReason: deployment.rolloutStateReason,
    }),
    ...pick(deployment.revision.settings, deploymentSettings),
  }
}

function currentRecord(service: Service, nowMs: number, lagMs: number): string | undefined {
  return service.records.find(({ createdAtMs }) => nowMs - createdAtMs >= lagMs)?.arn
}

function countAll(service: Service): { running: number; pending: number } {
  const statuses = service.runs.map(({ task }) => task.lastStatus)
  return {
    running: statuses.filter((status) => status === 'RUNNING').length,
    pending: statuses.filter((status) => status === 'PENDING' || status === 'PROVISIONING').length,
  }
}

/** What a revision has, and of blue/green its share of the traffic. */
export function revisionSummary(arn: string, counts: TaskCounts): JsonObject {
  const { requested, running, pending, traffic } = counts
  return {
    arn,
    requestedTaskCount: requested,
    runningTaskCount: running,
    pendingTaskCount: pending,
    ...(traffic !== undefined && {
      requestedTestTrafficWeight: traffic.test,
      requestedProductionTrafficWeight: traffic.production,
    }),
  }
}

function revisionSummaries(service: Service): Json[] {
  return [...countsByRevision(service)].map(([arn, counts]) => revisionSummary(arn, counts))
}

/** A service as DescribeServices answers it; `currentServiceDeployment` lags by `lagMs`. */
export function serviceView(
  service: Service,
  options: { readonly nowMs: number; readonly lagMs: number; readonly tags: boolean },
): JsonObject {
  const { running, pending } = countAll(service)
  return present({
    ...service.settings,
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running,
    pendingCount: pending,
    deployments: service.deployments.map((deployment) => deploymentView(service, deployment)),
    events: service.events.map(({ id, createdAtMs, message }) => ({
      id,
      createdAt: epochSeconds(createdAtMs),
      message,
    })),
    createdAt: epochSeconds(service.createdAtMs),
    createdBy: service.createdBy,
    currentServiceDeployment: currentRecord(service, options.nowMs, options.lagMs),
    currentServiceRevisions: revisionSummaries(service),
    tags: options.tags ? service.tags : undefined,
  })
}
