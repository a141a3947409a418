import { stringAt, type Json, type JsonObject } from '../../json.ts'
import type { InputReader } from '../reader.ts'
import { readObject, readObjects } from './objects.ts'

const tagSources = ['SERVICE', 'TASK_DEFINITION', 'NONE'] as const

export const deployOrders = ['parallel', 'sequential'] as const
/** `sequential`: in the order of `service`, and the rest is skipped after the first red one. */
export type DeployOrder = (typeof deployOrders)[number]

/**
 * Members of UpdateService that the user gave, named as on the wire. One that was not given is
 * absent and never sent: ECS takes an empty list as "remove".
 */
export interface ServiceSettings {
  readonly desiredCount?: number
  readonly propagateTags?: (typeof tagSources)[number]
  readonly enableECSManagedTags?: boolean
  readonly platformVersion?: string
  /** One volume, which the task definition leaves to the service (`configuredAtLaunch`). */
  readonly volumeConfigurations?: readonly JsonObject[]
  /** Empty only where `[]` was written: back to the launch type. */
  readonly capacityProviderStrategy?: readonly JsonObject[]
  /** ECS lays it over the live one: members that are left out keep their values. */
  readonly deploymentConfiguration?: JsonObject
}

/** The input that each member comes from. */
export const settingInputs = {
  desiredCount: 'desired-count',
  propagateTags: 'propagate-tags',
  enableECSManagedTags: 'enable-ecs-managed-tags',
  platformVersion: 'platform-version',
  volumeConfigurations: 'service-managed-ebs-volume',
  capacityProviderStrategy: 'capacity-provider-strategy',
  deploymentConfiguration: 'deployment-configuration',
} as const satisfies Readonly<Record<keyof ServiceSettings, string>>

/** What of the service itself the user wants to be so. */
export function readServiceSettings(reader: InputReader): ServiceSettings {
  const desiredCount = reader.integer(settingInputs.desiredCount, { min: 0, max: 100_000 })
  const propagateTags = reader.parsed(
    ...([settingInputs.propagateTags, `is none of ${tagSources.join(', ')}`] as const),
    (text) => tagSources.find((source) => source === text),
  )
  const enableECSManagedTags =
    reader.text(settingInputs.enableECSManagedTags) === undefined
      ? undefined
      : reader.boolean(settingInputs.enableECSManagedTags)
  const platformVersion = reader.parsed(
    ...([settingInputs.platformVersion, 'is neither LATEST nor a version such as 1.4.0'] as const),
    (text) => (/^(LATEST|\d+\.\d+\.\d+)$/.test(text) ? text : undefined),
  )
  const volume = readVolume(reader)
  const capacityProviderStrategy = readCapacityProviderStrategy(reader)
  const deploymentConfiguration = readDeploymentConfiguration(reader)
  return {
    ...(desiredCount !== undefined && { desiredCount }),
    ...(propagateTags !== undefined && { propagateTags }),
    ...(enableECSManagedTags !== undefined && { enableECSManagedTags }),
    ...(platformVersion !== undefined && { platformVersion }),
    ...(volume !== undefined && { volumeConfigurations: [volume] }),
    ...(capacityProviderStrategy !== undefined && { capacityProviderStrategy }),
    ...(deploymentConfiguration !== undefined && { deploymentConfiguration }),
  }
}

function readVolume(reader: InputReader): JsonObject | undefined {
  const [nameInput, input] = ['service-managed-ebs-volume-name', settingInputs.volumeConfigurations]
  const name = reader.text(nameInput)
  const given = reader.text(input) !== undefined
  if (name === undefined && given) reader.reject(nameInput, `is missing; ${input} needs both`)
  if (name !== undefined && !given) reader.reject(input, `is missing; ${nameInput} needs both`)
  const managedEBSVolume = readObject(reader, input)
  if (managedEBSVolume === undefined || name === undefined) return undefined
  if (stringAt(managedEBSVolume, 'roleArn') === undefined) {
    reader.reject(input, 'has no roleArn: the role that lets ECS manage volumes', name)
  }
  return { name, managedEBSVolume }
}

function readCapacityProviderStrategy(reader: InputReader): readonly JsonObject[] | undefined {
  const input = settingInputs.capacityProviderStrategy
  const strategy = readObjects(reader, input)
  if (strategy?.length === 0 && reader.text(input) !== '[]') {
    reader.reject(input, 'is empty; write [] itself to return the service to its launch type')
  }
  if (strategy?.every(isCapacityProvider) === false) {
    const rule = 'each needs a capacityProvider; weight (0 to 1000) and base are whole numbers'
    reader.reject(input, `holds what is no capacity provider: ${rule}`)
  }
  return strategy
}

function isCapacityProvider({ capacityProvider, weight = 0, base = 0 }: JsonObject): boolean {
  const named = typeof capacityProvider === 'string' && capacityProvider !== ''
  return named && isWhole(weight, 1000) && isWhole(base, 100_000)
}

function isWhole(value: Json | undefined, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
}

const countedMembers = ['minimumHealthyPercent', 'maximumPercent', 'bakeTimeInMinutes']

function readDeploymentConfiguration(reader: InputReader): JsonObject | undefined {
  const input = settingInputs.deploymentConfiguration
  const configuration = readObject(reader, input)
  if (configuration === undefined) return undefined
  if (Object.keys(configuration).length === 0) {
    reader.reject(input, 'names no member')
  }
  for (const [member, value] of Object.entries(configuration)) {
    if (value === null) reader.reject(input, `says nothing for ${member}; leave it out`)
    else if (countedMembers.includes(member) && !isWhole(value, 1440)) {
      reader.reject(input, `has no whole number for ${member}`)
    }
  }
  return configuration
}
