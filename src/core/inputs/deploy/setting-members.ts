import type { Json } from '../../json.ts'
import {
  describeStrangers,
  findStrangers,
  type KnownMembers,
} from '../../task-definition/unknown-members.ts'
import { settingInputs, type ServiceSettings } from './service-settings.ts'

// From the model of the ECS API.
const deploymentConfiguration: KnownMembers = membersOf({
  '': `
    alarms bakeTimeInMinutes canaryConfiguration deploymentCircuitBreaker earlySuccessCriteria
    lifecycleHooks linearConfiguration maximumPercent minimumHealthyPercent strategy`,
  alarms: 'alarmNames enable rollback',
  canaryConfiguration: 'canaryBakeTimeInMinutes canaryPercent',
  deploymentCircuitBreaker: 'enable resetOnHealthyTask rollback thresholdConfiguration',
  'deploymentCircuitBreaker.thresholdConfiguration': 'type value',
  earlySuccessCriteria: 'enable healthyPercent sourceServiceRevisionCleanup',
  'lifecycleHooks[]':
    'hookDetails hookTargetArn lifecycleStages roleArn targetType timeoutConfiguration',
  'lifecycleHooks[].timeoutConfiguration': 'action timeoutInMinutes',
  linearConfiguration: 'stepBakeTimeInMinutes stepPercent',
})

const managedVolume: KnownMembers = membersOf({
  '': `
    encrypted filesystemType iops kmsKeyId roleArn sizeInGiB snapshotId tagSpecifications
    throughput volumeInitializationRate volumeType`,
  'tagSpecifications[]': 'propagateTags resourceType tags',
  'tagSpecifications[].tags[]': 'key value',
})

const capacityProviderStrategy: KnownMembers = membersOf({ '[]': 'base capacityProvider weight' })

/** One sentence for each input that holds members which ECS may not know; they are sent. */
export function describeUnknownSettings(settings: ServiceSettings): readonly string[] {
  const volume = settings.volumeConfigurations?.[0]?.['managedEBSVolume']
  const looked: readonly (readonly [string, Json | undefined, KnownMembers])[] = [
    [
      settingInputs.deploymentConfiguration,
      settings.deploymentConfiguration,
      deploymentConfiguration,
    ],
    [settingInputs.volumeConfigurations, volume, managedVolume],
    [
      settingInputs.capacityProviderStrategy,
      settings.capacityProviderStrategy,
      capacityProviderStrategy,
    ],
  ]
  return looked.flatMap(([input, value, known]) => {
    const strangers = describeStrangers(findStrangers(value, known))
    return strangers === undefined ? [] : [`${input} ${strangers}`]
  })
}

function membersOf(levels: Readonly<Record<string, string>>): KnownMembers {
  return new Map(
    Object.entries(levels).map(([level, members]) => [level, members.trim().split(/\s+/)]),
  )
}
