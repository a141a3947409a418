import { ActionError } from '../../errors/action-error.ts'
import { settingInputs, type ServiceSettings } from '../../inputs/deploy/service-settings.ts'
import { objectAt, objectsAt, stringAt, type JsonObject } from '../../json.ts'
import { differingSettings } from './differing-settings.ts'

/** What the settings are checked against. */
export interface SettingsBasis {
  /** The service as DescribeServices answers it. */
  readonly service: JsonObject
  /** `service "web" in cluster "prod" (eu-west-1)` */
  readonly where: string
  /** The task definition that it shall run, and its name for messages. */
  readonly definition: JsonObject
  readonly origin: string
  readonly forceNewDeployment: boolean
}

/** What ECS would refuse, or take in another sense than it was meant. */
export function findUnfitSettings(
  settings: ServiceSettings,
  basis: SettingsBasis,
): readonly ActionError[] {
  return [
    ...unfitDesiredCount(settings, basis),
    ...unfitPlatformVersion(settings, basis),
    ...unfitStrategy(settings, basis),
    ...unfitVolume(settings, basis),
    ...unfitConfiguration(settings, basis),
  ]
}

function unfit(input: string, what: string, remedy: string): ActionError {
  return new ActionError('setting-refused', `${input}: ${what}`, remedy)
}

function unfitDesiredCount(
  { desiredCount }: ServiceSettings,
  { service, where }: SettingsBasis,
): readonly ActionError[] {
  if (desiredCount === undefined || stringAt(service, 'schedulingStrategy') !== 'DAEMON') return []
  const what = `${where} is a DAEMON service, which runs one task on each instance`
  return [unfit(settingInputs.desiredCount, what, 'Leave `desired-count` out.')]
}

function unfitPlatformVersion(
  settings: ServiceSettings,
  { service, where }: SettingsBasis,
): readonly ActionError[] {
  if (settings.platformVersion === undefined || isOnFargate(settings, service)) return []
  const what = `${where} does not run on Fargate, which alone has platform versions`
  return [unfit(settingInputs.platformVersion, what, 'Leave `platform-version` out.')]
}

/** Where the service runs once our update is done. */
function isOnFargate({ capacityProviderStrategy }: ServiceSettings, service: JsonObject): boolean {
  const strategy = capacityProviderStrategy ?? objectsAt(service, 'capacityProviderStrategy')
  if (strategy.length === 0) return stringAt(service, 'launchType') === 'FARGATE'
  return strategy.every((item) => /^FARGATE/.test(stringAt(item, 'capacityProvider') ?? ''))
}

/** ECS: "…making a change to a capacity provider strategy…, you must force a new deployment". */
function unfitStrategy(
  { capacityProviderStrategy }: ServiceSettings,
  { service, where, forceNewDeployment }: SettingsBasis,
): readonly ActionError[] {
  if (capacityProviderStrategy === undefined || forceNewDeployment) return []
  if (differingSettings({ capacityProviderStrategy }, service).length === 0) return []
  const what = `${where} has another strategy, and ECS changes it only with a forced deployment`
  const remedy = 'Add `force-new-deployment: true`.'
  return [unfit(settingInputs.capacityProviderStrategy, what, remedy)]
}

function unfitVolume(
  { volumeConfigurations = [] }: ServiceSettings,
  { definition, origin }: SettingsBasis,
): readonly ActionError[] {
  return volumeConfigurations.flatMap((configuration) => {
    const name = stringAt(configuration, 'name') ?? ''
    const volume = objectsAt(definition, 'volumes').find((each) => stringAt(each, 'name') === name)
    if (volume?.['configuredAtLaunch'] === true) return []
    const what =
      volume === undefined
        ? `${origin} has no volume "${name}"`
        : `volume "${name}" of ${origin} is not configuredAtLaunch`
    const remedy = `Give the task definition the volume {"name": "${name}", "configuredAtLaunch": true}.`
    return [unfit('service-managed-ebs-volume-name', what, remedy)]
  })
}

function unfitConfiguration(
  { deploymentConfiguration: asked }: ServiceSettings,
  { service, where }: SettingsBasis,
): readonly ActionError[] {
  if (asked === undefined) return []
  const input = settingInputs.deploymentConfiguration
  const controller = stringAt(objectAt(service, 'deploymentController'), 'type') ?? 'ECS'
  if (controller !== 'ECS') {
    const what = `${where} has the deployment controller ${controller}`
    return [unfit(input, what, 'Leave it out: it steers deployments of ECS itself.')]
  }
  const live = strategyOf(objectAt(service, 'deploymentConfiguration'))
  const strategy = stringAt(asked, 'strategy') ?? live
  if (strategy === live) return []
  const what = `"${strategy}" is not the strategy of ${where}, which is ${live}`
  return [unfit(input, what, 'Leave `strategy` out; change it where the service is defined.')]
}

function strategyOf(configuration: JsonObject): string {
  return stringAt(configuration, 'strategy') ?? 'ROLLING'
}

/**
 * The configuration under which our deployment runs: what was asked for laid over the live one, as
 * UpdateService does it: a member that is left out keeps its value, inside the circuit breaker too
 * (the SDK's documentation of UpdateService).
 */
export function mergeDeploymentConfiguration(live: JsonObject, asked: JsonObject = {}): JsonObject {
  const breaker = {
    ...objectAt(live, 'deploymentCircuitBreaker'),
    ...objectAt(asked, 'deploymentCircuitBreaker'),
  }
  return { ...live, ...asked, deploymentCircuitBreaker: breaker }
}
