import type { Deployment } from '../model/deployment.ts'
import type { TaskCounts } from '../model/service-deployment.ts'
import type { Service } from '../model/service.ts'

import { readDeploymentConfiguration } from './deployment-configuration.ts'

/** The tasks of one deployment that are RUNNING and that are on their way there. */
export function countTasks(
  service: Service,
  deploymentId: string,
): { readonly running: number; readonly pending: number } {
  let running = 0
  let pending = 0
  for (const { task } of service.runs) {
    if (task.startedBy !== deploymentId) continue
    if (task.lastStatus === 'RUNNING') running += 1
    if (task.lastStatus === 'PENDING' || task.lastStatus === 'PROVISIONING') pending += 1
  }
  return { running, pending }
}

/** What a deployment wants: the service's count for the PRIMARY, what is left for another. */
export function desiredTasks(service: Service, deployment: Deployment): number {
  if (deployment.status === 'PRIMARY') return service.desiredCount
  return service.runs.filter(
    ({ task }) => task.startedBy === deployment.id && task.desiredStatus === 'RUNNING',
  ).length
}

/** The counts of every revision that has a deployment, by revision ARN. */
export function countsByRevision(service: Service): Map<string, TaskCounts> {
  const staged = readDeploymentConfiguration(service.settings).shift !== undefined
  return new Map(
    service.deployments.map((deployment) => [
      deployment.revision.arn,
      {
        requested: desiredTasks(service, deployment),
        ...countTasks(service, deployment.id),
        ...(staged && { traffic: { ...deployment.traffic } }),
      },
    ]),
  )
}
