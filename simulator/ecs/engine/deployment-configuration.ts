import { numberMember, objectMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { flagMember } from '../flag-member.ts'

import type { BreakerThreshold } from './circuit-breaker.ts'

/** The part of `deploymentConfiguration` that steers a rolling update. */
export interface DeploymentConfiguration {
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  readonly breaker: {
    readonly enable: boolean
    readonly rollback: boolean
    readonly resetOnHealthyTask: boolean
    readonly threshold: BreakerThreshold
  }
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

/** Reads the configuration from a service's settings. */
export function readDeploymentConfiguration(settings: JsonObject): DeploymentConfiguration {
  const json = objectMember(settings, 'deploymentConfiguration') ?? {}
  const breaker = objectMember(json, 'deploymentCircuitBreaker') ?? {}
  const threshold = objectMember(breaker, 'thresholdConfiguration') ?? {}
  return {
    minimumHealthyPercent: numberMember(json, 'minimumHealthyPercent') ?? 100,
    maximumPercent: numberMember(json, 'maximumPercent') ?? 200,
    breaker: {
      enable: flagMember(breaker, 'enable') ?? false,
      rollback: flagMember(breaker, 'rollback') ?? false,
      resetOnHealthyTask: flagMember(breaker, 'resetOnHealthyTask') ?? true,
      threshold: {
        type: stringMember(threshold, 'type') ?? 'BOUNDED_PERCENT',
        value: numberMember(threshold, 'value') ?? 50,
      },
    },
  }
}
