import { ActionError } from '../../errors/action-error.ts'
import { objectAt, stringAt, type JsonObject } from '../../json.ts'

/** Strategies whose deployments this action knows how to watch. */
const strategies = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY']

/**
 * What of a service keeps its deployments from being watched truthfully.
 * @param where The service, for messages.
 */
export function findUnsupported(service: JsonObject, where: string): ActionError[] {
  const status = stringAt(service, 'status') ?? 'unknown'
  if (status !== 'ACTIVE') {
    return [
      new ActionError(
        'service-inactive',
        `${where} is ${status}, not ACTIVE`,
        'Create the service again: one that is draining or deleted takes no deployments.',
      ),
    ]
  }
  return unsupportedFeatures(service).map(
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
  if (!strategies.includes(strategy)) {
    found.push([
      `has the deployment strategy ${strategy}`,
      `Use one of ${strategies.join(', ')}; no other is known.`,
    ])
  }
  return found
}
