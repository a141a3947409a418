import { numberMember, objectMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { flagMember } from '../flag-member.ts'

import type { BreakerThreshold } from './circuit-breaker.ts'
import { readTrafficShift, type TrafficShift } from './traffic-shift.ts'

/** The part of `deploymentConfiguration` that steers a deployment. */
export interface DeploymentConfiguration {
  /** Undefined for a rolling deployment. */
  readonly shift?: TrafficShift
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  readonly bakeTimeMs: number
  readonly breaker: {
    readonly enable: boolean
    readonly rollback: boolean
    readonly resetOnHealthyTask: boolean
    readonly threshold: BreakerThreshold
  }
  readonly alarms: {
    readonly enable: boolean
    readonly rollback: boolean
    readonly names: readonly string[]
  }
  /** Undefined while `earlySuccessCriteria` is off. */
  readonly earlySuccess?: { readonly healthyPercent: number; readonly deferred: boolean }
}

/** What ECS fills in, and echoes in DescribeServices, where the caller says nothing. */
export const defaultDeploymentConfiguration: JsonObject = {
  strategy: 'ROLLING',
  deploymentCircuitBreaker: {
    enable: false,
    rollback: false,
    resetOnHealthyTask: true,
    thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
  },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  alarms: { alarmNames: [], enable: false, rollback: false },
  bakeTimeInMinutes: 0,
}

/** Lays what the caller said over what holds already; what is left out keeps its value. */
export function mergeDeploymentConfiguration(live: JsonObject, asked: JsonObject): JsonObject {
  const breaker = {
    ...objectMember(live, 'deploymentCircuitBreaker'),
    ...objectMember(asked, 'deploymentCircuitBreaker'),
  }
  return { ...live, ...asked, deploymentCircuitBreaker: breaker }
}

function readBreaker(json: JsonObject): DeploymentConfiguration['breaker'] {
  const breaker = objectMember(json, 'deploymentCircuitBreaker') ?? {}
  const threshold = objectMember(breaker, 'thresholdConfiguration') ?? {}
  return {
    enable: flagMember(breaker, 'enable') ?? false,
    rollback: flagMember(breaker, 'rollback') ?? false,
    resetOnHealthyTask: flagMember(breaker, 'resetOnHealthyTask') ?? true,
    threshold: {
      type: stringMember(threshold, 'type') ?? 'BOUNDED_PERCENT',
      value: numberMember(threshold, 'value') ?? 50,
    },
  }
}

function readEarlySuccess(json: JsonObject): DeploymentConfiguration['earlySuccess'] {
  const early = objectMember(json, 'earlySuccessCriteria') ?? {}
  if (flagMember(early, 'enable') !== true) return undefined
  return {
    healthyPercent: numberMember(early, 'healthyPercent') ?? 100,
    deferred: stringMember(early, 'sourceServiceRevisionCleanup') === 'DEFERRED',
  }
}

/** Reads the configuration from a service's settings. */
export function readDeploymentConfiguration(settings: JsonObject): DeploymentConfiguration {
  const json = objectMember(settings, 'deploymentConfiguration') ?? {}
  const alarms = objectMember(json, 'alarms') ?? {}
  const earlySuccess = readEarlySuccess(json)
  const shift = readTrafficShift(json)
  return {
    minimumHealthyPercent: numberMember(json, 'minimumHealthyPercent') ?? 100,
    maximumPercent: numberMember(json, 'maximumPercent') ?? 200,
    bakeTimeMs: (numberMember(json, 'bakeTimeInMinutes') ?? 0) * 60_000,
    breaker: readBreaker(json),
    alarms: {
      enable: flagMember(alarms, 'enable') ?? false,
      rollback: flagMember(alarms, 'rollback') ?? false,
      names: stringsMember(alarms, 'alarmNames') ?? [],
    },
    ...(earlySuccess !== undefined && { earlySuccess }),
    ...(shift !== undefined && { shift }),
  }
}
