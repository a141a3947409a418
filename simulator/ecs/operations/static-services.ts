import { objectMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { nameOf } from '../arn.ts'
import { flagMember } from '../flag-member.ts'
import { invalidParameter, notModelled } from '../refusals.ts'

import type { Api } from './api.ts'

/**
 * Adds a service that is described and never rolled out: one with a CODE_DEPLOY or EXTERNAL
 * controller, or a DAEMON. `record` is what DescribeServices answers;
 * `serviceName` is required, `clusterArn` names the cluster by ARN or name.
 */
export function seedStaticService(api: Api, record: JsonObject): void {
  const name = stringMember(record, 'serviceName')
  if (name === undefined) throw invalidParameter('serviceName is required.')
  const cluster = api.store.cluster(nameOf(stringMember(record, 'clusterArn') ?? 'default'))
  const serviceArn = api.arns.service(cluster.name, name)
  api.store.staticServices.set(serviceArn, {
    status: 'ACTIVE',
    desiredCount: 0,
    runningCount: 0,
    pendingCount: 0,
    deployments: [],
    events: [],
    loadBalancers: [],
    schedulingStrategy: 'REPLICA',
    ...record,
    serviceArn,
    clusterArn: cluster.arn,
  })
}

/** Refuses to update a seeded service as ECS does where a CODE_DEPLOY controller rules it out. */
export function refuseStaticUpdate(record: JsonObject | undefined, input: JsonObject): void {
  if (record === undefined) return
  const controller = stringMember(objectMember(record, 'deploymentController') ?? {}, 'type')
  if (controller === 'CODE_DEPLOY') {
    const remedy = 'Use AWS CodeDeploy to trigger a new deployment.'
    if (flagMember(input, 'forceNewDeployment') === true) {
      throw invalidParameter(
        `Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. ${remedy}`,
      )
    }
    throw invalidParameter(
      `Unable to update task definition on services with a CODE_DEPLOY deployment controller. ${remedy}`,
    )
  }
  throw notModelled(`updates of ${stringMember(record, 'serviceName') ?? 'this service'}`)
}
