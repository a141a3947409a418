import { epochSeconds, present } from '../../wire/json.ts'
import type { JsonObject } from '../../wire/service.ts'
import { countsByRevision } from '../engine/task-counts.ts'
import { type HookRun, stageOf } from '../model/lifecycle.ts'
import type { ServiceDeployment, TaskCounts } from '../model/service-deployment.ts'
import type { ServiceRevision } from '../model/service-revision.ts'
import type { Service } from '../model/service.ts'

import { pick, revisionSummary } from './service-view.ts'

const seconds = (epochMs: number | undefined): number | undefined =>
  epochMs === undefined ? undefined : epochSeconds(epochMs)

const none: TaskCounts = { requested: 0, running: 0, pending: 0 }
const noneAndNoTraffic: TaskCounts = { ...none, traffic: { test: 0, production: 0 } }

function hookDetail(hook: HookRun): JsonObject {
  return present({
    hookId: hook.id,
    targetType: hook.targetType,
    targetArn: hook.targetArn,
    status: hook.status,
    expiresAt: epochSeconds(hook.expiresAtMs),
    timeoutAction: hook.timeoutAction,
  })
}

function common(service: Service, record: ServiceDeployment): JsonObject {
  return present({
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: epochSeconds(record.createdAtMs),
    startedAt: seconds(record.startedAtMs),
    finishedAt: seconds(record.finishedAtMs),
    status: record.status,
    statusReason: record.statusReason,
  })
}

/** The record as ListServiceDeployments answers it. */
export function serviceDeploymentBrief(service: Service, record: ServiceDeployment): JsonObject {
  return { ...common(service, record), targetServiceRevisionArn: record.target.arn }
}

/** The record as DescribeServiceDeployments answers it. */
export function serviceDeploymentView(service: Service, record: ServiceDeployment): JsonObject {
  const counts = record.frozenCounts ?? countsByRevision(service)
  const { breaker, alarms, rollback, lifecycle } = record
  const summary = (revision: ServiceRevision): JsonObject => {
    const gone = lifecycle === undefined ? none : noneAndNoTraffic
    return revisionSummary(revision.arn, counts.get(revision.arn) ?? gone)
  }
  return present({
    ...common(service, record),
    stoppedAt: seconds(record.stoppedAtMs),
    updatedAt: epochSeconds(record.updatedAtMs),
    sourceServiceRevisions: record.sources.map(summary),
    targetServiceRevision: summary(record.target),
    deploymentConfiguration: record.target.settings['deploymentConfiguration'],
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: epochSeconds(rollback.startedAtMs),
      serviceRevisionArn: rollback.revision.arn,
    },
    deploymentCircuitBreaker: {
      status: breaker.status,
      failureCount: breaker.failureCount,
      threshold: breaker.threshold,
    },
    alarms: {
      status: alarms.status,
      alarmNames: [...alarms.names],
      triggeredAlarmNames: [...alarms.triggered],
    },
    lifecycleStage: lifecycle && stageOf(lifecycle),
    lifecycleHookDetails: lifecycle && lifecycle.hooks.map(hookDetail),
  })
}

const revisionSettings = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'platformFamily',
  'loadBalancers',
  'serviceRegistries',
  'networkConfiguration',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
]

/** The revision as DescribeServiceRevisions answers it. */
export function serviceRevisionView(service: Service, revision: ServiceRevision): JsonObject {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    ...pick(revision.settings, revisionSettings),
    containerImages: revision.images.map(({ containerName, image, digest }) =>
      present({ containerName, image, imageDigest: digest }),
    ),
    guardDutyEnabled: false,
    createdAt: epochSeconds(revision.createdAtMs),
  }
}
