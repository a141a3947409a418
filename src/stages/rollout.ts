import type { EcsPlace } from '../core/faults/ecs-fault.ts'
import type { PushedImage } from '../core/image/image.ts'
import { booleanAt, objectAt, objectsAt, type JsonObject } from '../core/json.ts'
import type { ServicePlan } from '../core/plan/service-plan.ts'
import type { HealthChecks } from '../core/rollout/fail-fast.ts'
import { readGuards } from '../core/rollout/observation.ts'
import type { ServiceDeployment } from '../core/rollout/service-deployment.ts'
import type { Watched } from '../core/rollout/watch.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { OptionalReads } from './optional-reads.ts'

export type RolloutPorts = Pick<Ports, 'clock' | 'context' | 'report' | 'signal'>

/** One deployment that is watched: what it is, where, and the means to look at it. */
export interface Rollout {
  readonly plan: ServicePlan
  readonly deployment: ServiceDeployment
  /** Undefined: the task definition is deployed as it is. */
  readonly image: PushedImage | undefined
  readonly session: AwsSession
  readonly ports: RolloutPorts
  readonly place: EcsPlace
  readonly watched: Watched
  /** Who judges the health of its tasks. */
  readonly checks: HealthChecks
  readonly optional: OptionalReads
}

export function createRollout(
  plan: ServicePlan,
  deployment: ServiceDeployment,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: RolloutPorts,
): Rollout {
  const { raw } = plan.current
  return {
    ...{ plan, deployment, image, session, ports },
    place: { region: session.region, cluster: plan.cluster, service: plan.service },
    watched: {
      deploymentId: deployment.deploymentId,
      previousTaskDefinitionArn: deployment.previousTaskDefinitionArn,
      previousDeploymentId: plan.current.primaryDeploymentId,
      guards: readGuards(objectAt(raw, 'deploymentConfiguration')),
    },
    checks: {
      balanced: objectsAt(raw, 'loadBalancers').length > 0,
      checked: objectsAt(deployment.revision.definition, 'containerDefinitions').some(isChecked),
    },
    optional: new OptionalReads(ports),
  }
}

/** Only the checks of essential containers, which all are unless said otherwise, make a task HEALTHY. */
function isChecked(container: JsonObject): boolean {
  return container['healthCheck'] !== undefined && booleanAt(container, 'essential') !== false
}
