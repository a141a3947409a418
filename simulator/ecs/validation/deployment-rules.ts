import {
  numberMember,
  objectMember,
  objectsMember,
  stringMember,
  stringsMember,
} from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { flagMember } from '../flag-member.ts'
import { invalidParameter, notModelled } from '../refusals.ts'

function checkPercentages(configuration: JsonObject): void {
  const minimum = numberMember(configuration, 'minimumHealthyPercent')
  const maximum = numberMember(configuration, 'maximumPercent')
  if (minimum !== 100 || maximum !== 100) return
  throw invalidParameter(
    'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
  )
}

function isWhole(value: number | undefined, low: number, high: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= low && value <= high
}

function checkEarlySuccess(configuration: JsonObject): void {
  const early = objectMember(configuration, 'earlySuccessCriteria') ?? {}
  if (flagMember(early, 'enable') !== true) return
  const strategy = stringMember(configuration, 'strategy') ?? 'ROLLING'
  if (strategy !== 'ROLLING') {
    throw invalidParameter('earlySuccessCriteria requires the ROLLING deployment strategy.')
  }
  const healthy = numberMember(early, 'healthyPercent')
  if (healthy === undefined || !isWhole(healthy, 0, 100)) {
    throw invalidParameter('healthyPercent must be an integer between 0 and 100.')
  }
  if (healthy < (numberMember(configuration, 'minimumHealthyPercent') ?? 100)) {
    throw invalidParameter('healthyPercent must be at least minimumHealthyPercent.')
  }
  const cleanup = stringMember(early, 'sourceServiceRevisionCleanup')
  if (cleanup === 'BLOCKING' || cleanup === 'DEFERRED') return
  throw invalidParameter('sourceServiceRevisionCleanup must be BLOCKING or DEFERRED.')
}

const shifts = ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT']
const hookStages: ReadonlySet<string> = new Set([
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  ...shifts,
])
const longestTimeoutMinutes = 20_160

function checkHook(hook: JsonObject): void {
  const type = stringMember(hook, 'targetType') ?? 'AWS_LAMBDA'
  if (type !== 'AWS_LAMBDA' && type !== 'PAUSE') {
    throw invalidParameter(`Invalid targetType: ${type}.`)
  }
  if (type === 'AWS_LAMBDA' && stringMember(hook, 'hookTargetArn') === undefined) {
    throw invalidParameter('hookTargetArn is required for AWS_LAMBDA lifecycle hooks.')
  }
  const stages = stringsMember(hook, 'lifecycleStages') ?? []
  if (stages.length === 0) throw invalidParameter('lifecycleStages cannot be empty.')
  for (const stage of stages) {
    if (!hookStages.has(stage)) throw invalidParameter(`Invalid lifecycleStage: ${stage}.`)
    if (type === 'PAUSE' && shifts.includes(stage)) {
      throw invalidParameter(`PAUSE lifecycle hooks are not supported at ${stage}.`)
    }
  }
  const timeout = objectMember(hook, 'timeoutConfiguration') ?? {}
  const minutes = numberMember(timeout, 'timeoutInMinutes') ?? 1440
  if (isWhole(minutes, 1, longestTimeoutMinutes)) return
  throw invalidParameter(`timeoutInMinutes must be between 1 and ${longestTimeoutMinutes}.`)
}

function checkAlarms(configuration: JsonObject): void {
  const alarms = objectMember(configuration, 'alarms') ?? {}
  if (flagMember(alarms, 'enable') !== true) return
  if ((stringsMember(alarms, 'alarmNames') ?? []).length > 0) return
  throw invalidParameter('alarmNames cannot be empty when deployment alarms are enabled.')
}

/** `LinearConfiguration` and `CanaryConfiguration` of the API reference. */
const stepMembers = {
  linearConfiguration: ['LINEAR', 'stepPercent', 3, 'stepBakeTimeInMinutes'],
  canaryConfiguration: ['CANARY', 'canaryPercent', 0.1, 'canaryBakeTimeInMinutes'],
} as const

function checkSteps(configuration: JsonObject): void {
  const given = stringMember(configuration, 'strategy') ?? 'ROLLING'
  for (const [name, [strategy, percent, least, minutes]] of Object.entries(stepMembers)) {
    const steps = objectMember(configuration, name)
    if (steps === undefined) continue
    if (given !== strategy) {
      throw invalidParameter(`${name} requires the ${strategy} deployment strategy.`)
    }
    const share = numberMember(steps, percent) ?? 100
    if (share < least || share > 100) {
      throw invalidParameter(`${percent} must be between ${least} and 100.`)
    }
    if (!isWhole(numberMember(steps, minutes) ?? 0, 0, 1440)) {
      throw invalidParameter(`${minutes} must be between 0 and 1440.`)
    }
  }
}

/** Refuses a deployment configuration that cannot hold; reads the merged one. */
export function checkDeploymentConfiguration(configuration: JsonObject): void {
  const rolling = (stringMember(configuration, 'strategy') ?? 'ROLLING') === 'ROLLING'
  if (rolling) checkPercentages(configuration)
  checkSteps(configuration)
  if (!isWhole(numberMember(configuration, 'bakeTimeInMinutes') ?? 0, 0, 1440)) {
    throw invalidParameter('bakeTimeInMinutes must be between 0 and 1440.')
  }
  checkAlarms(configuration)
  checkEarlySuccess(configuration)
  const hooks = objectsMember(configuration, 'lifecycleHooks') ?? []
  for (const hook of hooks) checkHook(hook)
  if (rolling && hooks.length > 0) throw notModelled('lifecycle hooks of rolling deployments')
}
