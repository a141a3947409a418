import { ActionError } from '../../errors/action-error.ts'
import { combineErrors } from '../../errors/combine.ts'
import { describePlace } from '../../faults/ecs-fault.ts'
import type { DeployInputs } from '../../inputs/inputs.ts'
import { objectAt, stringAt } from '../../json.ts'
import type { CurrentService } from '../../rollout/observation/current-service.ts'
import { hasChanges } from '../../task-definition/changes/changes.ts'
import type { PlannedImages } from '../image/planned-images.ts'
import { findMismatch, planDefinition } from './plan-definition.ts'
import { findUnfitSettings, mergeDeploymentConfiguration } from './service-settings.ts'
import { planWait } from './plan-wait.ts'
import type { ServicePlan, TaskDefinitionSource } from './service-plan.ts'
import { findUnsupported } from './unsupported-service.ts'

/** What preflight read of one service. */
export interface ServiceFacts {
  readonly region: string
  /** As the user named it. */
  readonly cluster: string
  readonly service: string
  readonly current: CurrentService
  readonly currentDefinition: TaskDefinitionSource
  /** The file, family or revision that was given instead of the service's own. */
  readonly given: TaskDefinitionSource | undefined
}

/**
 * Decides how one service is deployed.
 * @param image Undefined: the task definition is deployed as it is.
 * @throws ActionError telling everything that speaks against it.
 */
export function planService(
  deploy: DeployInputs,
  facts: ServiceFacts,
  image: PlannedImages,
): ServicePlan {
  const { cluster, service, current, currentDefinition } = facts
  const { settings, policies } = deploy
  const source = facts.given ?? currentDefinition
  const errors = findUnsupported(current.raw, describePlace(facts))
  const live = objectAt(current.raw, 'deploymentConfiguration')
  const deploymentConfiguration = mergeDeploymentConfiguration(
    live,
    settings.deploymentConfiguration,
  )
  const wait = tryTo(errors, () => planWait(deploy, deploymentConfiguration))
  const basis = { source, launchType: stringAt(current.raw, 'launchType') }
  const definition = tryTo(errors, () => planDefinition(deploy, basis, image))
  errors.push(...findMismatch(basis, image))
  const where = describePlace(facts)
  const { definition: next, origin } = source
  const forceNewDeployment = deploy.forceNewDeployment || isRestart(deploy, facts, image)
  const about = { service: current.raw, where, definition: next, origin, forceNewDeployment }
  errors.push(...findUnfitSettings(settings, about))
  if (wait !== undefined && definition !== undefined && errors.length === 0) {
    return {
      ...{ cluster, service, current, currentDefinition },
      ...{ ...definition, forceNewDeployment, settings, deploymentConfiguration, wait, policies },
    }
  }
  const [first, ...more] = errors
  if (first === undefined) throw new TypeError('no plan and no error')
  throw combineErrors([first, ...more])
}

/** With nothing new to deploy or to set, what was asked for is to start the same again. */
function isRestart(
  { settings, taskDefinition }: DeployInputs,
  { given }: ServiceFacts,
  image: PlannedImages,
): boolean {
  return (
    image === undefined &&
    given === undefined &&
    !hasChanges(taskDefinition.changes) &&
    Object.keys(settings).length === 0
  )
}

function tryTo<T>(errors: ActionError[], decide: () => T): T | undefined {
  try {
    return decide()
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    errors.push(error)
    return undefined
  }
}
