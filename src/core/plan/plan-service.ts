import { ActionError, InputErrors } from '../errors/action-error.ts'
import { combineErrors } from '../errors/combine.ts'
import { describePlace } from '../faults/ecs-fault.ts'
import type { Platform } from '../image/platform.ts'
import type { Repository } from '../image/repository.ts'
import type { DeployInputs } from '../inputs/inputs.ts'
import { numberAt, objectAt, stringAt, type JsonObject } from '../json.ts'
import type { CurrentService } from '../rollout/current-service.ts'
import { hasChanges } from '../task-definition/changes/changes.ts'
import { checkPlatform, requiredPlatform } from '../task-definition/platform.ts'
import { planDefinition } from './plan-definition.ts'
import type { ServicePlan, TaskDefinitionSource, WaitPlan } from './service-plan.ts'

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

/** What is known of the image before it is built or found. */
export interface ImageTarget {
  readonly repository: Repository
  readonly platforms: readonly Platform[]
}

const defaultWaitMinutes = 30

/**
 * Decides how one service is deployed.
 * @param image Undefined: the task definition is deployed as it is.
 * @throws ActionError telling everything that speaks against it.
 */
export function planService(
  deploy: DeployInputs,
  facts: ServiceFacts,
  image: ImageTarget | undefined,
): ServicePlan {
  const source = facts.given ?? facts.currentDefinition
  const errors = findUnsupported(facts)
  const wait = tryTo(errors, () => planWait(deploy, facts.current.raw))
  const definition = tryTo(errors, () => planDefinition(deploy, facts, image))
  errors.push(...findMismatch(source, image, facts))
  if (wait !== undefined && definition !== undefined && errors.length === 0) {
    const { cluster, service, current, currentDefinition } = facts
    // With nothing new to deploy, what was asked for is to start the same again.
    const nothingNew =
      image === undefined && facts.given === undefined && !hasChanges(deploy.taskDefinition.changes)
    const forceNewDeployment = deploy.forceNewDeployment || nothingNew
    return {
      ...{ cluster, service, current, currentDefinition },
      ...{ ...definition, forceNewDeployment, wait },
    }
  }
  const [first, ...more] = errors
  if (first === undefined) throw new TypeError('no plan and no error')
  throw combineErrors([first, ...more])
}

function findMismatch(
  { definition, origin }: TaskDefinitionSource,
  image: ImageTarget | undefined,
  { current }: ServiceFacts,
): readonly ActionError[] {
  if (image === undefined) return []
  const required = requiredPlatform(definition, stringAt(current.raw, 'launchType'))
  const target = { name: 'the image', platforms: image.platforms }
  const mismatch = checkPlatform(required, target, origin)
  return mismatch === undefined ? [] : [mismatch]
}

/** Services that ECS rolls out in another way than this action can watch truthfully. */
function findUnsupported({ current, ...place }: ServiceFacts): ActionError[] {
  const where = describePlace(place)
  if (stringAt(current.raw, 'status') !== 'ACTIVE') {
    const status = stringAt(current.raw, 'status') ?? 'unknown'
    return [
      new ActionError(
        'service-inactive',
        `${where} is ${status}, not ACTIVE`,
        'Create the service again: one that is draining or deleted takes no deployments.',
      ),
    ]
  }
  return unsupportedFeatures(current.raw).map(
    ([what, remedy]) => new ActionError('service-unsupported', `${where} ${what}`, remedy),
  )
}

function unsupportedFeatures(service: JsonObject): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  const controller = stringAt(objectAt(service, 'deploymentController'), 'type') ?? 'ECS'
  if (controller !== 'ECS') {
    found.push([
      `has the deployment controller ${controller}`,
      'Use a service whose deployment controller is ECS; others are not driven yet.',
    ])
  }
  if (stringAt(service, 'resourceManagementType') === 'ECS') {
    found.push([
      'is an Express Mode service',
      'Deploy it with `aws ecs update-express-gateway-service`; it is not driven yet.',
    ])
  }
  if (stringAt(service, 'schedulingStrategy') === 'DAEMON') {
    found.push(['has the scheduling strategy DAEMON', 'Use a REPLICA service; daemons come later.'])
  }
  const strategy = stringAt(objectAt(service, 'deploymentConfiguration'), 'strategy') ?? 'ROLLING'
  if (strategy !== 'ROLLING') {
    found.push([
      `has the deployment strategy ${strategy}`,
      'Use the strategy ROLLING; the others are not watched yet.',
    ])
  }
  return found
}

function planWait(deploy: DeployInputs, service: JsonObject): WaitPlan {
  const configuration = objectAt(service, 'deploymentConfiguration')
  const bakeMinutes = numberAt(configuration, 'bakeTimeInMinutes') ?? 0
  const { waitMinutes = defaultWaitMinutes + bakeMinutes } = deploy
  if (waitMinutes < bakeMinutes) {
    const message = `is less than the service's bake time of ${bakeMinutes} minutes`
    throw new InputErrors([{ input: 'wait-for-minutes', value: String(waitMinutes), message }])
  }
  return {
    awaited: deploy.waitForStability,
    deadlineMs: waitMinutes * 60_000,
    maxTaskFailures: deploy.maxTaskFailures,
    logLines: deploy.logLines,
  }
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
